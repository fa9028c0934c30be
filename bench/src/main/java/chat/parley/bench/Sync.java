package chat.parley.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Devices of one user that were away catch up at once. The messages are direct ones, because rooms
 * keep only their newest.
 */
final class Sync implements Scenario {
  private static final int IN_FLIGHT = 256;

  /** Until then the memory of the server is looked at this often. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Options options;
  private final int messages;
  private final int devices;

  /**
   * @param devices that catch up at the same time
   */
  Sync(Options options, int messages, int devices) {
    this.options = options;
    this.messages = messages;
    this.devices = devices;
    Options.within("--messages", messages, 1, 10_000_000);
    Options.within("--devices", devices, 1, 40);
    if (!options.wire.v2()) {
      throw new BenchException("sync is what v2 has and v1 has not: take another --wire");
    }
  }

  @Override
  public Figures run(Loops loops, Stop stop, Target target, double settling) {
    Account sender = target.accounts().first(1, options.patience()).get(0);
    // A reader of its own for each round: who has read before is not behind.
    String reader = "reader-" + Long.toString(System.nanoTime(), 36);
    List<Account> readers = target.accounts().devices(reader, devices, options.patience());
    RoundClock clock = new RoundClock(0, Long.MAX_VALUE / 2000);
    try (Round round = new Round(loops, stop, target, clock)) {
      Ledger ledger = round.ledger();
      Map<String, Object> more = new LinkedHashMap<>();
      more.put("messages", messages);
      more.put("devices", devices);
      more.put("filled, messages per second", fill(round, stop, ledger, sender, readers.get(0)));
      List<Member> members = new ArrayList<>();
      for (Account device : readers) {
        members.add(round.inPair(device, sender, readers.get(0), ledger, true));
      }
      catchUp(round, stop, members, more);
      round.drain(options.drain(), members, -1);
      Crowd crowd = round.lastCrowd();
      return round.figures(crowd, members, messages, 0).unscheduled().with(more);
    }
  }

  /** Sends everything while nobody of the readers is there; answers how fast it went. */
  private double fill(Round round, Stop stop, Ledger ledger, Account sender, Account reader) {
    Member writer = round.inPair(sender, sender, reader, ledger, false);
    Crowd alone = round.crowd(1, 1, false, (i, owner) -> round.connection(writer, 0, owner));
    round.gather(alone, options.patience());
    Sender outbox = ((V2Connection) alone.get(0)).outbox();
    Pump pump =
        new Pump(round, List.of(outbox), List.of(ledger), IN_FLIGHT, options.size, messages);
    round.start();
    long began = System.nanoTime();
    pump.start();
    stop.until(
        Options.duration(options.patience + options.seconds),
        () -> round.on(() -> round.outcomes.accepted() >= messages));
    pump.stop();
    double seconds = (System.nanoTime() - began) / 1e9;
    // The writer's own echo is no part of what follows.
    round.drain(options.drain(), List.of(writer), -1);
    round.on(
        () -> {
          alone.close(true);
          return null;
        });
    return round.on(() -> round.outcomes.accepted()) / seconds;
  }

  private void catchUp(Round round, Stop stop, List<Member> members, Map<String, Object> more) {
    Crowd crowd =
        round.crowd(
            devices, devices, false, (i, owner) -> round.connection(members.get(i), 0, owner));
    long expected = (long) devices * round.on(() -> round.outcomes.accepted());
    round.target.processes().refresh();
    Processes.Snapshot from = round.target.processes().now();
    double highest = from.rssMib();
    long before = round.on(round.arrivals::count);
    double bench = Round.benchCpuSeconds();
    crowd.open();
    long deadline = System.nanoTime() + options.patience().toNanos();
    while (System.nanoTime() < deadline && !stop.asked()) {
      stop.sleep(LOOK.toNanos() / 5);
      highest = Math.max(highest, round.target.processes().now().rssMib());
      if (crowd.settled() && round.on(() -> received(members)) >= expected) {
        break;
      }
    }
    Processes.Snapshot to = round.target.processes().now();
    long began = crowd.began();
    double seconds = (round.on(round.arrivals::lastAt) - began) / 1e9;
    long received = round.on(round.arrivals::count) - before;
    round.cost(from, to, received, Round.benchCpuSeconds() - bench);
    more.put("caught up within, s", seconds);
    more.put("synced, messages per second", seconds > 0 ? received / seconds : 0);
    more.put("server memory before, MiB", from.rssMib());
    more.put("server memory at most, MiB", highest);
  }

  private static long received(List<Member> members) {
    return IntStream.range(0, members.size())
        .mapToLong(i -> members.get(i).tally().distinct())
        .sum();
  }
}
