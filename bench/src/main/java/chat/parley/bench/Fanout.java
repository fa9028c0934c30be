package chat.parley.bench;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages at a fixed rate to conversations of the same size each: group, rooms and direct. */
final class Fanout implements Scenario {
  private final Options options;
  private final int conversations;
  private final int membersEach;
  private final int sendersEach;
  private final double rate;
  private final boolean direct;
  private final int stalled;

  /**
   * @param sendersEach the first so many members of each conversation send
   * @param rate messages a second, in all
   * @param direct conversations of two users, and not rooms
   * @param stalled members, the last ones, who read nothing while it is measured
   */
  Fanout(
      Options options,
      int conversations,
      int membersEach,
      int sendersEach,
      double rate,
      boolean direct,
      int stalled) {
    this.options = options;
    this.conversations = conversations;
    this.membersEach = membersEach;
    this.rate = rate;
    this.direct = direct;
    this.sendersEach = oneWay() ? 1 : Math.min(sendersEach, membersEach);
    this.stalled = stalled;
    Options.within("--rate", rate, 0.01, 1_000_000);
  }

  /** On v1 only the recipient of a direct message gets it, so that one of a pair talks. */
  private boolean oneWay() {
    return direct && !options.wire.v2();
  }

  @Override
  public boolean hasYardstick() {
    return !direct;
  }

  @Override
  public Figures run(Loops loops, Stop stop, Target target, double settling) {
    double warmup = settling > 0 ? settling : options.warmup;
    double seconds = settling > 0 ? 0 : options.seconds;
    List<Account> accounts =
        target.accounts().first(conversations * membersEach, options.patience());
    Schedule schedule = Schedule.of(rate, warmup + seconds);
    RoundClock clock = new RoundClock((long) (warmup * 1e6), (long) ((warmup + seconds) * 1e6));
    try (Round round = new Round(loops, stop, target, clock)) {
      Arrivals late = new Arrivals(clock);
      List<Member> members = members(round, accounts, late);
      Crowd crowd =
          round.crowd(
              members.size(),
              options.connecting,
              false,
              (i, owner) ->
                  round.connection(
                      members.get(i), round.room(round.ledgers.get(i / membersEach)), owner));
      round.gather(crowd, options.patience());
      List<Member> there = there(crowd, members);
      Map<String, Double> counted = target.counters().read();
      Pacer pacer = pacer(round, schedule, senders(round, crowd, members));
      Stalled others = new Stalled(round, stalled(crowd));
      others.stopReading();
      round.start();
      pacer.start();
      round.measure(true);
      if (stop.asked()) {
        pacer.stop();
      }
      others.readAgain(
          stop, options.drain(), late, members.subList(firstStalled(members), members.size()));
      round.drain(options.drain(), there, stop.asked() ? -1 : schedule.messages());
      pacer.stop();
      long last = schedule.messages() == 0 ? 0 : schedule.nanos(schedule.messages() - 1) / 1000;
      return round
          .figures(crowd, there, schedule.messages(), last)
          .with(target.counters().since(counted))
          .with(shape())
          .with(others.figures());
    }
  }

  private int firstStalled(List<?> members) {
    return members.size() - stalled;
  }

  private List<Connection> stalled(Crowd crowd) {
    List<Connection> all = new ArrayList<>();
    for (int i = crowd.size() - stalled; i < crowd.size(); i++) {
      if (crowd.get(i) != null) {
        all.add(crowd.get(i));
      }
    }
    return all;
  }

  /** Who gets every message from the first on: who came later, or never, does not. */
  private List<Member> there(Crowd crowd, List<Member> members) {
    List<Member> there = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Connection connection = crowd.get(i);
      if (connection != null && connection.wasReady() && (i % 2 == 1 || !oneWay())) {
        there.add(members.get(i));
      }
    }
    return there;
  }

  private Map<String, Object> shape() {
    Map<String, Object> shape = new LinkedHashMap<>();
    shape.put("conversations", conversations);
    shape.put("members of each", membersEach);
    shape.put("messages per second, scheduled", rate);
    return shape;
  }

  /**
   * @param late where what the stalled ones get is counted
   */
  private List<Member> members(Round round, List<Account> accounts, Arrivals late) {
    List<Member> members = new ArrayList<>();
    for (int c = 0; c < conversations; c++) {
      Ledger ledger = round.ledger();
      List<Account> own = accounts.subList(c * membersEach, (c + 1) * membersEach);
      for (Account account : own) {
        members.add(
            direct
                ? round.inPair(account, own.get(0), own.get(1), ledger, false)
                : round.inRoom(
                    account,
                    ledger,
                    members.size() < firstStalled(accounts) ? round.arrivals : late));
      }
    }
    return members;
  }

  private boolean byHttp(Round round) {
    return round.target.wire() == Wire.V1_WS || direct && !round.target.wire().v2();
  }

  private List<Sender> senders(Round round, Crowd crowd, List<Member> members) {
    List<Sender> senders = new ArrayList<>();
    for (int c = 0; c < conversations; c++) {
      for (int s = 0; s < sendersEach; s++) {
        int index = c * membersEach + s;
        Connection connection = crowd.get(index);
        if (byHttp(round)) {
          senders.add(poster(round, members, index));
        } else if (connection instanceof V2Connection v2) {
          senders.add(v2.outbox());
        } else {
          senders.add(Senders.byTcp((V1Connection) connection, round.outcomes));
        }
      }
    }
    return senders;
  }

  private Sender poster(Round round, List<Member> members, int index) {
    Ledger ledger = round.ledgers.get(index / membersEach);
    return Senders.byHttp(
        round.target.http(),
        round.loops().sockets(),
        round.outcomes,
        members.get(index).account().token(),
        round.room(ledger),
        direct ? members.get(index ^ 1).account().userId() : 0);
  }

  /** Message after message to the next conversation, from the next of its senders. */
  private Pacer pacer(Round round, Schedule schedule, List<Sender> senders) {
    EventLoop loop = byHttp(round) ? round.loops().posts() : round.loops().sockets();
    return new Pacer(
        loop,
        schedule,
        () -> System.nanoTime() - round.clock.began(),
        n -> {
          int conversation = n % conversations;
          int number = n / conversations;
          int sender = number % sendersEach;
          long micros = schedule.nanos(n) / 1000;
          String text = round.stamp.text(conversation, number, sender, micros, options.size);
          senders
              .get(conversation * sendersEach + sender)
              .send(new Post(round.ledgers.get(conversation), number, sender, micros, text));
        });
  }
}
