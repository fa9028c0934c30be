package chat.parley.bench;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * More than the server can take. First senders that wait for answers show what it can; after a rest
 * messages leave at a multiple of that, whatever it answers; then nothing more comes. Beside it a
 * few messages a second in a room of their own show how everybody else fares, and when all is as it
 * was before.
 *
 * <p>What is due while as many are without an answer as may be (of a v2 device by the protocol, by
 * HTTP of all connections) is not sent, and counts as {@code NOT_SENT}.
 */
final class Overload implements Scenario {
  private static final int HTTP_CONNECTIONS = 8_192;
  private static final int IN_FLIGHT = 16;
  private static final double LEAST_REST_S = 2;
  private static final double LONGEST_REST_S = 5;
  private static final double LONGEST_RECOVERY_S = 60;
  private static final double LEAST_WARMUP_S = 1;

  /** The first part of the warm-up does not count. */
  private static final double SETTLED = 0.4;

  private final Options options;
  private final int senders;
  private final double factor;

  Overload(Options options, int senders, double factor) {
    this.options = options;
    this.senders = senders;
    this.factor = factor;
    Options.within("--senders", senders, 1, 100_000);
    Options.within("--factor", factor, 0.1, 100);
    if (options.wire == Wire.V1_TCP) {
      throw new BenchException(
          "overload counts answers, and v1-tcp gives none: take another --wire");
    }
  }

  @Override
  public Figures run(Loops loops, Stop stop, Target target, double settling) {
    double warmup = Math.max(LEAST_WARMUP_S, settling > 0 ? settling : options.warmup);
    boolean v2 = target.wire().v2();
    List<Account> accounts = target.accounts().first(senders + 2, options.patience());
    double from = warmup + Math.max(LEAST_REST_S, Math.min(LONGEST_REST_S, warmup));
    RoundClock clock = new RoundClock(micros(from), micros(from + options.seconds));
    try (Round round = new Round(loops, stop, target, clock)) {
      Probes probes = new Probes(round, accounts.get(senders + 1), loops);
      List<Member> members = members(round, accounts.subList(0, senders + 1), v2);
      Crowd crowd =
          round.crowd(
              members.size(),
              options.connecting,
              false,
              (i, owner) -> round.connection(members.get(i), members.get(i).room(), owner));
      round.gather(crowd, options.patience());
      probes.gather(options);
      Http http = new Http(loops.posts(), options.api, HTTP_CONNECTIONS);
      List<Sender> sending = sending(round, crowd, members, http, v2);
      if (!v2) {
        round.on(() -> leave(crowd));
      }
      List<Member> receivers =
          v2 ? members.subList(0, senders) : members.subList(senders, senders + 1);
      List<Ledger> ledgers =
          v2 ? round.ledgers.subList(1, senders + 1) : round.ledgers.subList(1, 2);
      Processes.Snapshot before = target.processes().now();
      round.start();
      double capacity = capacity(round, stop, sending, ledgers, warmup);
      probes.start(from + options.seconds + LONGEST_RECOVERY_S);
      Pacer pacer = pacer(round, sending, ledgers, http, factor * capacity, from);
      pacer.start();
      round.measure(false);
      pacer.stop();
      double recovered = probes.recovery(stop, from, LONGEST_RECOVERY_S);
      double delivered = delivered(round, stop, receivers) - from - options.seconds;
      probes.stop();
      round.drain(options.drain(), receivers, -1);
      List<Member> all = new ArrayList<>(receivers);
      all.add(probes.member());
      return round
          .figures(crowd, all, -1, 0)
          .with(figures(round, capacity, before, probes, recovered, delivered));
    }
  }

  private static long micros(double seconds) {
    return (long) (seconds * 1e6);
  }

  /** On v1 all write to one room with one member, on v2 each is alone in one. */
  private List<Member> members(Round round, List<Account> accounts, boolean v2) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < accounts.size(); i++) {
      Ledger ledger = i == 0 || v2 ? round.ledger() : round.ledgers.get(1);
      members.add(round.inRoom(accounts.get(i), ledger));
    }
    return members;
  }

  private List<Sender> sending(
      Round round, Crowd crowd, List<Member> members, Http http, boolean v2) {
    List<Sender> sending = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      Member member = members.get(i);
      sending.add(
          v2
              ? ((V2Connection) crowd.get(i)).outbox()
              : Senders.byHttp(
                  http,
                  round.loops().sockets(),
                  round.outcomes,
                  member.account().token(),
                  member.room(),
                  0));
    }
    return sending;
  }

  private Void leave(Crowd crowd) {
    for (int i = 0; i < senders; i++) {
      crowd.get(i).leave();
    }
    return null;
  }

  /** Messages a second that are accepted of senders who wait for their answers. */
  private double capacity(
      Round round, Stop stop, List<Sender> sending, List<Ledger> ledgers, double seconds) {
    Pump pump = new Pump(round, sending, ledgers, IN_FLIGHT, options.size, Integer.MAX_VALUE);
    pump.start();
    stop.sleep((long) (SETTLED * seconds * 1e9));
    long from = round.on(round.outcomes::accepted);
    long began = System.nanoTime();
    stop.sleep((long) ((1 - SETTLED) * seconds * 1e9));
    long accepted = round.on(round.outcomes::accepted) - from;
    double took = (System.nanoTime() - began) / 1e9;
    pump.stop();
    if (accepted == 0) {
      throw new BenchException("nothing was accepted in the warm-up");
    }
    stop.until(
        Duration.ofSeconds(3),
        () -> round.on(() -> round.outcomes.answered() >= round.outcomes.sent()));
    round.on(
        () -> {
          round.outcomes.onEnd(post -> {});
          return null;
        });
    return accepted / took;
  }

  private Pacer pacer(
      Round round,
      List<Sender> sending,
      List<Ledger> ledgers,
      Http http,
      double rate,
      double from) {
    EventLoop loop = round.target.wire().v2() ? round.loops().sockets() : round.loops().posts();
    Schedule schedule = Schedule.of(rate, options.seconds);
    int[] next = new int[ledgers.size()];
    for (int i = 0; i < next.length; i++) {
      Ledger ledger = ledgers.get(i);
      next[i] = round.on(ledger::next);
    }
    return new Pacer(
        loop,
        schedule,
        () -> System.nanoTime() - round.clock.began() - (long) (from * 1e9),
        n -> {
          int sender = n % senders;
          int conversation = sender % ledgers.size();
          Ledger ledger = ledgers.get(conversation);
          int number = next[conversation]++;
          long micros = micros(from) + schedule.nanos(n) / 1000;
          String text = round.stamp.text(ledger.index(), number, sender, micros, options.size);
          Post post = new Post(ledger, number, sender, micros, text);
          boolean full =
              sending.get(sender) instanceof V2Outbox outbox ? outbox.full() : http.busy();
          if (full) {
            round.loops().sockets().execute(() -> round.outcomes.refused(post, "NOT_SENT"));
          } else {
            sending.get(sender).send(post);
          }
        });
  }

  /** When everything that was accepted was there, or the time for it over; in seconds. */
  private static double delivered(Round round, Stop stop, List<Member> receivers) {
    stop.until(
        Options.duration(LONGEST_RECOVERY_S),
        () -> round.on(() -> receivers.stream().allMatch(m -> m.tally().lost() == 0)));
    return round.clock.micros() / 1e6;
  }

  private Map<String, Object> figures(
      Round round,
      double capacity,
      Processes.Snapshot before,
      Probes probes,
      double recovered,
      double delivered) {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("accepted of those who wait, per second", capacity);
    more.put("offered in the overload, per second", factor * capacity);
    more.put(
        "an answer of any kind, ms: p50", round.on(() -> Arrivals.ms(round.outcomes.ends(), 50)));
    more.put(
        "an answer of any kind, ms: p99", round.on(() -> Arrivals.ms(round.outcomes.ends(), 99)));
    more.put(
        "an answer of any kind, ms: longest",
        round.on(() -> round.outcomes.ends().getMaxValue() / 1e3));
    more.putAll(probes.figures());
    more.put(
        "back to normal after, s",
        recovered < 0 ? "not within " + (int) LONGEST_RECOVERY_S : (Object) recovered);
    more.put("everything accepted delivered after, s", delivered);
    more.put("memory before, MiB", before.rssMib());
    more.put("largest memory, MiB", round.largestRssMib());
    return more;
  }
}
