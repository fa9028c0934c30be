package chat.parley.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everybody is cut off and comes back in the same moment, and when it is so wanted the server dies
 * in between. On v2 there are messages that were missed; back is who has them, and was told Synced.
 * On v1 nothing is made up for: back is who is in the room again.
 */
final class Storm implements Scenario {
  private final Options options;
  private final int connections;
  private final int rooms;
  private final int missed;
  private final boolean kill;

  /**
   * @param rooms that the connections are spread over
   * @param missed messages to each room while everybody is away
   * @param kill whether the server's processes are killed; somebody else starts them again
   */
  Storm(Options options, int connections, int rooms, int missed, boolean kill) {
    this.options = options;
    this.connections = connections;
    this.rooms = rooms;
    this.missed = options.wire.v2() ? missed : 0;
    this.kill = kill;
    Options.within("--connections", connections, 1, 1_000_000);
    Options.within("--rooms", rooms, 1, connections);
    Options.within("--missed", missed, 0, 10_000);
  }

  @Override
  public Figures run(Loops loops, Stop stop, Target target, double settling) {
    // One more for each room, who stays and sends.
    List<Account> accounts = target.accounts().first(connections + rooms, options.patience());
    RoundClock clock = new RoundClock(0, Long.MAX_VALUE / 2000);
    try (Round round = new Round(loops, stop, target, clock)) {
      List<Member> all = Idle.members(round, accounts, rooms);
      List<Member> staying = all.subList(0, rooms);
      List<Member> members = all.subList(rooms, all.size());
      Crowd stays = crowd(round, staying, options.connecting, false);
      round.gather(stays, options.patience());
      Crowd first = crowd(round, members, options.connecting, false);
      round.gather(first, options.patience());
      round.on(
          () -> {
            first.close(false);
            return null;
          });
      round.start();
      send(round, stop, stays);
      if (kill) {
        round.target.processes().kill();
      }
      Map<String, Object> more = new LinkedHashMap<>();
      more.put("rooms", rooms);
      more.put("missed by each", missed);
      return comeBack(round, stop, members, more);
    }
  }

  private Crowd crowd(Round round, List<Member> members, int atOnce, boolean persists) {
    return round.crowd(
        members.size(),
        atOnce,
        persists,
        (i, owner) -> {
          Member member = members.get(i);
          return round.connection(
              persists && round.target.wire().v2() ? member.resuming() : member,
              member.room(),
              owner);
        });
  }

  private void send(Round round, Stop stop, Crowd stays) {
    for (int n = 0; n < missed; n++) {
      round.on(
          () -> {
            for (int room = 0; room < rooms; room++) {
              Ledger ledger = round.ledgers.get(room);
              int number = ledger.next();
              long micros = round.clock.micros();
              String text = round.stamp.text(room, number, 0, micros, options.size);
              ((V2Connection) stays.get(room))
                  .outbox()
                  .send(new Post(ledger, number, 0, micros, text));
            }
            return null;
          });
    }
    int all = missed * rooms;
    stop.until(options.patience(), () -> round.on(round.outcomes::ended) >= all);
  }

  private Figures comeBack(Round round, Stop stop, List<Member> members, Map<String, Object> more) {
    Crowd back = crowd(round, members, members.size(), true);
    round.target.processes().refresh();
    Processes.Snapshot from = round.target.processes().now();
    long before = round.on(round.arrivals::count);
    double bench = Round.benchCpuSeconds();
    back.open();
    Duration patience = options.patience();
    stop.until(patience, () -> back.ready() >= back.size());
    round.drain(options.drain(), members, -1);
    long received = round.on(round.arrivals::count) - before;
    Processes.Snapshot to = round.target.processes().now();
    round.cost(from, to, received, Round.benchCpuSeconds() - bench);
    Figures figures = round.figures(back, members, missed * rooms, 0).unscheduled();
    more.put("back, of " + back.size(), back.ready());
    more.put("half of them back after, s", round.on(() -> Arrivals.ms(back.times(), 50)) / 1e3);
    more.put("99 % back after, s", round.on(() -> Arrivals.ms(back.times(), 99)) / 1e3);
    more.put("the last back after, s", figures.connections().seconds());
    more.put(
        "connections that had to be tried again",
        round.on(back::failures).values().stream().mapToInt(Integer::intValue).sum());
    return figures.with(more);
  }
}
