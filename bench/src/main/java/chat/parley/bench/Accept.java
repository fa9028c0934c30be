package chat.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How many messages a second are accepted. On v1 all senders post to one room with one member; on
 * v2 each device sends to a room that it is alone in, because a device gets what it sends. So every
 * message has one receiver.
 */
final class Accept implements Scenario {
  private static final int MOST = Integer.MAX_VALUE;

  private final Options options;
  private final int senders;
  private final int inFlight;

  /**
   * @param inFlight messages of each sender without an answer
   */
  Accept(Options options, int senders, int inFlight) {
    this.options = options;
    this.senders = senders;
    this.inFlight = inFlight;
    Options.within("--senders", senders, 1, 100_000);
    Options.within("--in-flight", inFlight, 1, 256);
    if (options.wire == Wire.V1_TCP) {
      throw new BenchException("accept counts answers, and v1-tcp gives none: take another --wire");
    }
  }

  @Override
  public Figures run(Loops loops, Stop stop, Target target, double settling) {
    double warmup = settling > 0 ? settling : options.warmup;
    double seconds = settling > 0 ? 0 : options.seconds;
    boolean v2 = target.wire().v2();
    List<Account> accounts =
        target.accounts().first(v2 ? senders : senders + 1, options.patience());
    RoundClock clock = new RoundClock((long) (warmup * 1e6), (long) ((warmup + seconds) * 1e6));
    try (Round round = new Round(loops, stop, target, clock)) {
      List<Member> members = members(round, accounts, v2);
      Crowd crowd =
          round.crowd(
              members.size(),
              options.connecting,
              false,
              (i, owner) -> round.connection(members.get(i), round.room(ledger(round, i)), owner));
      round.gather(crowd, options.patience());
      List<Sender> sending = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        sending.add(v2 ? ((V2Connection) crowd.get(i)).outbox() : poster(round, members.get(i)));
      }
      List<Member> receivers = v2 ? members : members.subList(senders, senders + 1);
      if (!v2) {
        // They have joined, which a session remembers; only the one member is to get messages.
        round.on(() -> leave(crowd));
      }
      Pump pump = new Pump(round, sending, round.ledgers, inFlight, options.size, MOST);
      round.start();
      pump.start();
      round.measure(false);
      pump.stop();
      round.drain(options.drain(), receivers, -1);
      return round
          .figures(crowd, receivers, -1, 0)
          .with(Map.of("senders times messages in flight", senders + " x " + inFlight));
    }
  }

  private List<Member> members(Round round, List<Account> accounts, boolean v2) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < accounts.size(); i++) {
      Ledger ledger = i == 0 || v2 ? round.ledger() : round.ledgers.get(0);
      members.add(round.inRoom(accounts.get(i), ledger));
    }
    return members;
  }

  private static Ledger ledger(Round round, int index) {
    return round.ledgers.get(index % round.ledgers.size());
  }

  private static Sender poster(Round round, Member member) {
    return Senders.byHttp(
        round.target.http(),
        round.loops().sockets(),
        round.outcomes,
        member.account().token(),
        member.room(),
        0);
  }

  private Void leave(Crowd crowd) {
    for (int i = 0; i < senders; i++) {
      crowd.get(i).leave();
    }
    return null;
  }
}
