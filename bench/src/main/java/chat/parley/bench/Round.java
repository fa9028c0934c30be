package chat.parley.bench;

import io.netty.util.concurrent.ScheduledFuture;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/**
 * One round of a scenario against one target: its clock, all that is counted, and the connections.
 * Used by the main thread; what is counted is touched on the loop of the sockets only.
 */
final class Round implements AutoCloseable {
  private static final int LOWEST_ROOM = 1_000_000;
  private static final int HIGHEST_ROOM = 2_000_000_000;
  private static final int LOOP_ANSWERS_WITHIN_S = 60;

  /** After the last message is there, for one that comes twice. */
  private static final Duration FOR_DUPLICATES = Duration.ofMillis(300);

  /** What is on its way when the run is asked to end. */
  private static final Duration WHEN_STOPPED = Duration.ofSeconds(2);

  private static final int OPENING_LOOKS = 40;
  private static final long SECOND = 1_000_000_000L;

  final Target target;
  final RoundClock clock;
  final Arrivals arrivals;
  final Outcomes outcomes;
  final Stamp stamp;
  final List<Ledger> ledgers = new ArrayList<>();

  private final Loops loops;
  private final Stop stop;
  private final String run;
  private final long firstRoom = ThreadLocalRandom.current().nextLong(LOWEST_ROOM, HIGHEST_ROOM);
  private final Connection.Scratch scratch = new Connection.Scratch();
  private final V2Scan scan;
  private final Beats beats;
  private ScheduledFuture<?> ticks;
  private final List<Figures.Sample> samples = new ArrayList<>();
  private final List<Figures.Opened> opening = new ArrayList<>();
  private final List<Crowd> crowds = new ArrayList<>();
  private Figures.Cost cost = Figures.Cost.NONE;
  private double windowSeconds;
  private long windowDeliveries;
  private boolean complete = true;

  Round(Loops loops, Stop stop, Target target, RoundClock clock) {
    this.loops = loops;
    this.stop = stop;
    this.target = target;
    this.clock = clock;
    this.run = Long.toString(ThreadLocalRandom.current().nextLong(1L << 31, 1L << 36), 36);
    this.stamp = new Stamp(run);
    this.arrivals = new Arrivals(clock);
    this.outcomes = new Outcomes(clock);
    this.scan = new V2Scan(stamp);
    this.beats = new Beats(loops.sockets());
  }

  Loops loops() {
    return loops;
  }

  /** A conversation more. */
  Ledger ledger() {
    Ledger ledger = new Ledger(ledgers.size());
    ledgers.add(ledger);
    return ledger;
  }

  /** The room of a conversation of this round. */
  long room(Ledger ledger) {
    return firstRoom + ledger.index();
  }

  /** Somebody who gets what is sent in a room. */
  Member inRoom(Account account, Ledger ledger) {
    return inRoom(account, ledger, arrivals);
  }

  /**
   * The same.
   *
   * @param own what this member gets counts there, and not in the round's figures of time
   */
  Member inRoom(Account account, Ledger ledger, Arrivals own) {
    long room = room(ledger);
    return member(account, Member.ofRoom(room), room, ledger, own, false);
  }

  /**
   * Somebody who gets what is sent between two users.
   *
   * @param resumes asks for everything from the beginning
   */
  Member inPair(Account account, Account one, Account other, Ledger ledger, boolean resumes) {
    String pair = Member.ofPair(one.userId(), other.userId());
    return member(account, pair, 0, ledger, arrivals, resumes);
  }

  private Member member(
      Account account,
      String conversation,
      long room,
      Ledger ledger,
      Arrivals own,
      boolean resumes) {
    // By HTTP a message may overtake another one of its sender.
    Tally tally = new Tally(ledger, own, target.wire() != Wire.V1_WS && room != 0);
    return new Member(account, conversation, room, tally, run, resumes);
  }

  /**
   * A connection of a member.
   *
   * @param v1Room that a v1 connection joins; v2 needs none for a direct conversation
   */
  Connection connection(Member member, long v1Room, Connection.Owner owner) {
    return connection(member, v1Room, owner, outcomes);
  }

  /**
   * The same.
   *
   * @param own what becomes of this member's messages counts there
   */
  Connection connection(Member member, long v1Room, Connection.Owner owner, Outcomes own) {
    Wire wire = target.wire();
    if (wire.v2()) {
      return new V2Connection(wire, scratch, owner, member, scan, beats, own);
    }
    String token = member.account().token();
    return new V1Connection(wire, scratch, owner, token, v1Room, member.tally(), stamp);
  }

  Crowd crowd(
      int size,
      int atOnce,
      boolean persists,
      BiFunction<Integer, Connection.Owner, Connection> make) {
    Crowd crowd = new Crowd(loops.sockets(), target.addresses(), size, atOnce, persists, make);
    crowds.add(crowd);
    return crowd;
  }

  /** The crowd made last. */
  Crowd lastCrowd() {
    return crowds.get(crowds.size() - 1);
  }

  /** Opens a crowd and waits for it; nobody being there is the end. */
  void gather(Crowd crowd, Duration patience) {
    opening.clear();
    note(crowd, 0);
    crowd.open();
    int step = Math.max(1, crowd.size() / OPENING_LOOKS);
    stop.until(patience, () -> note(crowd, step) && crowd.settled());
    note(crowd, 1);
    if (crowd.ready() == 0) {
      throw new BenchException(
          "none of %d connections came about: %s".formatted(crowd.size(), on(crowd::failures)));
    }
  }

  /** Notes the memory when so many connections more are open than at the last look; always true. */
  private boolean note(Crowd crowd, int step) {
    int before = opening.isEmpty() ? 0 : opening.get(opening.size() - 1).connections();
    if (!target.processes().isEmpty() && crowd.ready() - before >= step) {
      opening.add(new Figures.Opened(crowd.ready(), target.processes().now().rssMib()));
    }
    return true;
  }

  /** Does something on the loop of the sockets and waits for it. */
  <T> T on(Callable<T> what) {
    try {
      return loops.sockets().submit(what).get(LOOP_ANSWERS_WITHIN_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    } catch (ExecutionException e) {
      throw new BenchException("the bench is at fault: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new BenchException("the bench cannot keep up with what it receives", e);
    }
  }

  /** Starts the clock; to be called once, before anything is sent. */
  void start() {
    clock.start();
    ticks =
        loops
            .sockets()
            .scheduleAtFixedRate(
                () -> arrivals.tick(System.nanoTime()), SECOND, SECOND, TimeUnit.NANOSECONDS);
  }

  /**
   * Sits through the measured part of the clock, which must have been started, and accounts for it.
   */
  void measure(boolean byDeliveries) {
    target.processes().refresh();
    sleepUntil(clock.from());
    Processes.Snapshot from = target.processes().now();
    double benchFrom = benchCpuSeconds();
    long[] countsFrom = counts();
    Processes.Snapshot last = from;
    long next = from.at();
    do {
      next = Math.min(next + SECOND, clock.began() + clock.to() * 1000);
      complete &= stop.sleep(next - System.nanoTime());
      Processes.Snapshot now = target.processes().now();
      sample(last, now);
      last = now;
    } while (clock.micros() < clock.to() && !stop.asked());
    long[] countsTo = counts();
    windowSeconds = (last.at() - from.at()) / 1e9;
    windowDeliveries = countsTo[0] - countsFrom[0];
    long counted = byDeliveries ? windowDeliveries : countsTo[1] - countsFrom[1];
    cost = Figures.Cost.between(from, last, counted, benchCpuSeconds() - benchFrom);
  }

  /** Of the looks in the measured time. */
  double largestRssMib() {
    return samples.stream().mapToDouble(Figures.Sample::rssMib).max().orElse(0);
  }

  private long[] counts() {
    return on(() -> new long[] {arrivals.count(), outcomes.accepted()});
  }

  private void sleepUntil(long micros) {
    complete &= stop.sleep(clock.began() + micros * 1000 - System.nanoTime());
  }

  private void sample(Processes.Snapshot before, Processes.Snapshot now) {
    double cpu = (now.cpuSeconds() - before.cpuSeconds()) / ((now.at() - before.at()) / 1e9);
    samples.add(new Figures.Sample(clock.micros(now.at()) / 1e6, cpu, now.rssMib()));
  }

  /** Account for a time that was measured elsewhere. */
  void cost(Processes.Snapshot from, Processes.Snapshot to, long counted, double benchCpuSeconds) {
    windowSeconds = (to.at() - from.at()) / 1e9;
    windowDeliveries = counted;
    cost = Figures.Cost.between(from, to, counted, benchCpuSeconds);
  }

  static double benchCpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean os
        ? os.getProcessCpuTime() / 1e9
        : 0;
  }

  /**
   * Waits until every message has its answer and every accepted one is everywhere.
   *
   * @param planned messages that were to be sent; negative: as many as were
   */
  void drain(Duration atMost, List<Member> receivers, int planned) {
    boolean ends = stop.asked();
    boolean there =
        (ends ? new Stop() : stop)
            .until(
                ends ? WHEN_STOPPED : atMost,
                () -> on(() -> everythingIsThere(receivers, planned)));
    if (there) {
      stop.sleep(FOR_DUPLICATES.toNanos());
    }
  }

  private boolean everythingIsThere(List<Member> receivers, int planned) {
    return outcomes.ended() >= (planned < 0 ? outcomes.sent() : planned)
        && receivers.stream().allMatch(member -> member.tally().lost() == 0);
  }

  /**
   * Everything that was counted.
   *
   * @param counted members whose deliveries count: those who were there from the beginning
   * @param lastScheduled microseconds since the beginning; 0: unknown
   */
  Figures figures(Crowd crowd, List<Member> counted, int planned, long lastScheduled) {
    return on(() -> collect(crowd, counted, planned, lastScheduled));
  }

  private Figures collect(Crowd crowd, List<Member> counted, int planned, long lastScheduled) {
    arrivals.tick(System.nanoTime());
    Figures.Connections connections =
        new Figures.Connections(
            crowd.size(),
            crowd.ready(),
            crowd.size() - crowd.ready() - crowd.lost(),
            crowd.lost(),
            crowd.failures(),
            crowd.times().getMaxValue() / 1e6);
    double seconds = windowSeconds > 0 ? windowSeconds : 1;
    Figures.Messages messages =
        new Figures.Messages(
            planned < 0 ? outcomes.sent() : planned,
            outcomes.sent(),
            outcomes.accepted(),
            Map.copyOf(outcomes.refused()),
            Map.copyOf(outcomes.retried()),
            outcomes.acceptedInWindow() / seconds);
    return new Figures(
        target.name(),
        target.wire().toString(),
        complete && !stop.asked(),
        connections,
        messages,
        deliveries(counted, lastScheduled, seconds),
        Figures.Latency.of(arrivals.latency()),
        Figures.Latency.of(outcomes.answers()),
        Figures.Latency.of(outcomes.lateness()),
        cost,
        List.copyOf(arrivals.seconds()),
        List.copyOf(samples),
        List.copyOf(opening),
        null,
        Map.of());
  }

  private Figures.Deliveries deliveries(List<Member> counted, long lastScheduled, double seconds) {
    Verdict verdict = new Verdict();
    counted.forEach(member -> verdict.add(member.tally()));
    double last = clock.micros(arrivals.lastAt()) - (double) lastScheduled;
    return new Figures.Deliveries(
        verdict.expected,
        verdict.received,
        verdict.lost,
        verdict.duplicates,
        verdict.outOfOrder,
        verdict.gaps,
        verdict.repeats,
        verdict.notRecovered,
        verdict.unpromised,
        arrivals.strays(),
        windowDeliveries / seconds,
        lastScheduled == 0 || arrivals.count() == 0 ? 0 : last / 1e3);
  }

  @Override
  public void close() {
    on(
        () -> {
          crowds.forEach(crowd -> crowd.close(true));
          beats.end();
          if (ticks != null) {
            ticks.cancel(false);
          }
          return null;
        });
  }
}
