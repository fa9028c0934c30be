package chat.parley.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Connections that are there and do nothing: what each of them costs. */
final class Idle implements Scenario {
  private static final double KIB = 1024;

  private final Options options;
  private final int connections;
  private final int rooms;

  /**
   * @param rooms that the connections are spread over
   */
  Idle(Options options, int connections, int rooms) {
    this.options = options;
    this.connections = connections;
    this.rooms = rooms;
    Options.within("--connections", connections, 1, 1_000_000);
    Options.within("--rooms", rooms, 1, connections);
  }

  @Override
  public Figures run(Loops loops, Stop stop, Target target, double settling) {
    List<Account> accounts = target.accounts().first(connections, options.patience());
    double warmup = options.warmup;
    RoundClock clock =
        new RoundClock((long) (warmup * 1e6), (long) ((warmup + options.seconds) * 1e6));
    try (Round round = new Round(loops, stop, target, clock)) {
      List<Member> members = members(round, accounts, rooms);
      target.processes().refresh();
      Processes.Snapshot before = target.processes().now();
      Crowd crowd =
          round.crowd(
              connections,
              options.connecting,
              false,
              (i, owner) -> round.connection(members.get(i), members.get(i).room(), owner));
      round.gather(crowd, options.patience());
      Processes.Snapshot opened = target.processes().now();
      round.start();
      round.measure(true);
      Processes.Snapshot after = target.processes().now();
      double each = (after.rssMib() - before.rssMib()) * KIB / Math.max(1, crowd.ready());
      Map<String, Object> more = new LinkedHashMap<>();
      more.put("rooms", rooms);
      more.put("memory before the connections, MiB", before.rssMib());
      more.put("memory with all of them, MiB", after.rssMib());
      more.put("memory of a connection, KiB", each);
      more.put("CPU seconds to connect them", opened.cpuSeconds() - before.cpuSeconds());
      return round.figures(crowd, members, 0, 0).with(more);
    }
  }

  /** Members of rooms, in turn. */
  static List<Member> members(Round round, List<Account> accounts, int rooms) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < accounts.size(); i++) {
      Ledger ledger = i < rooms ? round.ledger() : round.ledgers.get(i % rooms);
      members.add(round.inRoom(accounts.get(i), ledger));
    }
    return members;
  }
}
