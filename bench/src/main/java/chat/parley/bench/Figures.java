package chat.parley.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one round gave; the JSON of the results has these names. bench/README.md says what each one
 * means.
 *
 * @param target {@code server} or {@code yardstick}
 * @param complete false when the run was asked to end before
 * @param opening the target's memory while the connections were being opened
 * @param bus of the whole round, warm-up included; null when it is not known
 */
record Figures(
    String target,
    String wire,
    boolean complete,
    Connections connections,
    Messages messages,
    Deliveries deliveries,
    Latency deliveryMs,
    Latency answerMs,
    Latency sendLateMs,
    Cost cost,
    List<Arrivals.Second> timeline,
    List<Sample> samples,
    List<Opened> opening,
    Bus bus,
    Map<String, Object> more) {

  /**
   * @param failed that could not be opened
   * @param lost that ended before their time
   * @param failures why, and how often
   */
  record Connections(
      int wanted, int ready, int failed, int lost, Map<String, Integer> failures, double seconds) {}

  /**
   * @param perSecond accepted a second of the measured time
   */
  record Messages(
      long planned,
      long sent,
      long accepted,
      Map<String, Long> refused,
      Map<String, Long> retried,
      double perSecond) {}

  /**
   * @param expected accepted messages times their receivers
   * @param perSecond in the measured time
   * @param lastAfterMs from the last scheduled send to the last delivery
   */
  record Deliveries(
      long expected,
      long received,
      long lost,
      long duplicates,
      long outOfOrder,
      long gaps,
      long repeats,
      long notRecovered,
      long unpromised,
      long stray,
      double perSecond,
      double lastAfterMs) {
    long faults() {
      return lost + duplicates + outOfOrder + gaps + stray;
    }
  }

  /** Milliseconds. */
  record Latency(long count, double p50, double p90, double p99, double p999, double max) {
    static Latency of(Histogram h) {
      return new Latency(
          h.getTotalCount(),
          Arrivals.ms(h, 50),
          Arrivals.ms(h, 90),
          Arrivals.ms(h, 99),
          Arrivals.ms(h, 99.9),
          h.getMaxValue() / 1e3);
    }
  }

  /**
   * Of the measured time alone.
   *
   * @param seconds that were measured
   * @param cpuSeconds of all processes of the target; 0 when none is known
   * @param benchCpuSeconds of the load generator itself
   */
  record Cost(
      double seconds,
      double cpuSeconds,
      double rssMib,
      double deliveriesPerCpuSecond,
      double cpuMicrosPerDelivery,
      double benchCpuSeconds,
      List<Processes.Spent> processes) {
    static final Cost NONE = new Cost(0, 0, 0, 0, 0, 0, List.of());

    /**
     * @param counted deliveries, or for a load without any, accepted messages
     */
    static Cost between(
        Processes.Snapshot from, Processes.Snapshot to, long counted, double benchCpuSeconds) {
      double cpu = to.cpuSeconds() - from.cpuSeconds();
      return new Cost(
          (to.at() - from.at()) / 1e9,
          cpu,
          to.rssMib(),
          cpu > 0 ? counted / cpu : 0,
          counted > 0 ? cpu * 1e6 / counted : 0,
          benchCpuSeconds,
          to.since(from));
    }
  }

  /**
   * The target's processes in one second of the round.
   *
   * @param cpu 1 is one core
   */
  record Sample(double at, double cpu, double rssMib) {}

  /**
   * The target's memory at a moment of the opening.
   *
   * @param connections that were open then
   */
  record Opened(int connections, double rssMib) {}

  /** For a load without a schedule: how late something is, and at what rate, means nothing. */
  Figures unscheduled() {
    Latency none = new Latency(0, 0, 0, 0, 0, 0);
    Messages counts =
        new Messages(
            messages.planned,
            messages.sent,
            messages.accepted,
            messages.refused,
            messages.retried,
            0);
    return new Figures(
        target,
        wire,
        complete,
        connections,
        counts,
        deliveries,
        none,
        none,
        none,
        cost,
        timeline,
        samples,
        opening,
        bus,
        more);
  }

  /** The same with what crossed the bus; null: not known. */
  Figures with(Bus crossed) {
    return new Figures(
        target,
        wire,
        complete,
        connections,
        messages,
        deliveries,
        deliveryMs,
        answerMs,
        sendLateMs,
        cost,
        timeline,
        samples,
        opening,
        crossed,
        more);
  }

  /** The same with figures of the scenario's own. */
  Figures with(Map<String, Object> figures) {
    Map<String, Object> all = new LinkedHashMap<>(more);
    all.putAll(figures);
    return new Figures(
        target,
        wire,
        complete,
        connections,
        messages,
        deliveries,
        deliveryMs,
        answerMs,
        sendLateMs,
        cost,
        timeline,
        samples,
        opening,
        bus,
        all);
  }
}
