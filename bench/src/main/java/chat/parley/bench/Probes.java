package chat.parley.bench;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A few messages a second of somebody to their own room: how long they take tells how everybody
 * fares who does nothing special.
 */
final class Probes {
  private static final double RATE = 20;
  private static final long LOOK_MS = 250;

  /** Looks in a row that must be as before. */
  private static final int QUIET = 4;

  private static final double LEAST_NORMAL_MS = 50;
  private static final double TOLERANCE = 2;

  private final Round round;
  private final Loops loops;
  private final Arrivals arrivals;
  private final Outcomes outcomes;
  private final Ledger ledger;
  private final Member member;
  private Connection connection;
  private Pacer pacer;
  private ScheduledFuture<?> looks;
  private double began;
  private double worstBefore;
  private double worstMeanwhile;

  Probes(Round round, Account account, Loops loops) {
    this.round = round;
    this.loops = loops;
    this.arrivals = new Arrivals(round.clock);
    this.outcomes = new Outcomes(round.clock);
    this.ledger = round.ledger();
    this.member = round.inRoom(account, ledger, arrivals);
  }

  Member member() {
    return member;
  }

  void gather(Options options) {
    Crowd crowd =
        round.crowd(
            1, 1, false, (i, owner) -> round.connection(member, member.room(), owner, outcomes));
    round.gather(crowd, options.patience());
    connection = crowd.get(0);
  }

  /** Begins now, and ends by itself at the latest so many seconds after the round began. */
  void start(double until) {
    Sender sender =
        connection instanceof V2Connection v2
            ? v2.outbox()
            : Senders.byHttp(
                round.target.http(),
                loops.sockets(),
                outcomes,
                member.account().token(),
                member.room(),
                0);
    began = round.clock.micros() / 1e6;
    Schedule schedule = Schedule.of(RATE, until - began);
    pacer =
        new Pacer(
            loops.sockets(),
            schedule,
            () -> System.nanoTime() - round.clock.began() - (long) (began * 1e9),
            n -> {
              long micros = (long) (began * 1e6) + schedule.nanos(n) / 1000;
              String text = round.stamp.text(ledger.index(), n, 0, micros, 100);
              sender.send(new Post(ledger, n, 0, micros, text));
            });
    pacer.start();
    looks =
        loops
            .sockets()
            .scheduleAtFixedRate(
                () -> arrivals.tick(System.nanoTime()), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  void stop() {
    pacer.stop();
    looks.cancel(false);
  }

  /**
   * Waits until probes take no longer than before the overload, and everything has its answer.
   *
   * @param overloaded seconds after the round's beginning at which the overload began
   * @return seconds from the end of the overload; below 0: not within the time
   */
  double recovery(Stop stop, double overloaded, double atMost) {
    double ended = round.clock.micros() / 1e6;
    worstBefore = worst(began + 1, overloaded);
    stop.until(
        Options.duration(atMost),
        () ->
            quietFrom(ended) >= 0
                && round.on(() -> round.outcomes.answered() >= round.outcomes.sent()));
    worstMeanwhile = worst(overloaded, ended);
    double quiet = quietFrom(ended);
    return quiet < 0 ? -1 : Math.max(0, quiet - ended);
  }

  private double worst(double from, double to) {
    return seconds().stream()
        .filter(look -> look.at() > from && look.at() <= to)
        .mapToDouble(Arrivals.Second::maxMs)
        .max()
        .orElse(0);
  }

  /** When the first of so many quiet looks in a row was; below 0: there were not so many. */
  private double quietFrom(double after) {
    double normal = Math.max(LEAST_NORMAL_MS, TOLERANCE * worstBefore);
    int quiet = 0;
    double from = -1;
    for (Arrivals.Second look : seconds()) {
      if (look.at() > after) {
        boolean asBefore = look.deliveries() > 0 && look.maxMs() <= normal;
        from = asBefore && quiet == 0 ? look.at() : from;
        quiet = asBefore ? quiet + 1 : 0;
        if (quiet == QUIET) {
          return from - LOOK_MS / 1e3;
        }
      }
    }
    return -1;
  }

  private List<Arrivals.Second> seconds() {
    return round.on(() -> List.copyOf(arrivals.seconds()));
  }

  Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("others' messages before, longest ms", worstBefore);
    figures.put(
        "others' messages meanwhile, ms: p50", round.on(() -> Arrivals.ms(arrivals.latency(), 50)));
    figures.put(
        "others' messages meanwhile, ms: p99", round.on(() -> Arrivals.ms(arrivals.latency(), 99)));
    figures.put("others' messages meanwhile, longest ms", worstMeanwhile);
    figures.put("others' messages refused", round.on(() -> outcomes.refused().toString()));
    return figures;
  }
}
