package chat.parley.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * A whole run, as its JSON has it.
 *
 * @param schema raised when a field changes its meaning
 * @param options as they were in force
 * @param rounds of the server and, alternating, of the yardstick
 * @param server over its rounds: medians of what varies, sums of what must not be
 * @param yardstick null without one
 * @param ratio server divided by yardstick, the median of the rounds; null without a yardstick
 */
record Results(
    int schema,
    String scenario,
    String startedAt,
    Map<String, Object> options,
    Map<String, Object> machine,
    List<Figures> rounds,
    Summary server,
    Summary yardstick,
    Ratio ratio) {
  static final int SCHEMA = 1;
  static final String SERVER = "server";
  static final String YARDSTICK = "yardstick";

  /** Medians, but the faults are sums and {@code maxMs} is the largest. */
  record Summary(
      int rounds,
      int connections,
      double acceptedPerSecond,
      double deliveriesPerSecond,
      double p50Ms,
      double p90Ms,
      double p99Ms,
      double p999Ms,
      double maxMs,
      double answerP50Ms,
      double answerP99Ms,
      double cpuMicrosPerDelivery,
      double deliveriesPerCpuSecond,
      double rssMib,
      double sendLateP99Ms,
      long lost,
      long duplicates,
      long outOfOrder,
      long gaps,
      long repeats,
      long stray,
      long unpromised,
      long refused,
      long retried) {

    static Summary of(List<Figures> rounds) {
      return rounds.isEmpty() ? null : new Summary(rounds);
    }

    private Summary(List<Figures> r) {
      this(
          r.size(),
          r.get(r.size() - 1).connections().ready(),
          median(r, f -> f.messages().perSecond()),
          median(r, f -> f.deliveries().perSecond()),
          median(r, f -> f.deliveryMs().p50()),
          median(r, f -> f.deliveryMs().p90()),
          median(r, f -> f.deliveryMs().p99()),
          median(r, f -> f.deliveryMs().p999()),
          r.stream().mapToDouble(f -> f.deliveryMs().max()).max().orElse(0),
          median(r, f -> f.answerMs().p50()),
          median(r, f -> f.answerMs().p99()),
          median(r, f -> f.cost().cpuMicrosPerDelivery()),
          median(r, f -> f.cost().deliveriesPerCpuSecond()),
          median(r, f -> f.cost().rssMib()),
          median(r, f -> f.sendLateMs().p99()),
          sum(r, f -> f.deliveries().lost()),
          sum(r, f -> f.deliveries().duplicates()),
          sum(r, f -> f.deliveries().outOfOrder()),
          sum(r, f -> f.deliveries().gaps()),
          sum(r, f -> f.deliveries().repeats()),
          sum(r, f -> f.deliveries().stray()),
          sum(r, f -> f.deliveries().unpromised()),
          sum(r, f -> total(f.messages().refused())),
          sum(r, f -> total(f.messages().retried())));
    }

    /** What may not be, whatever the load. */
    long faults() {
      return lost + duplicates + outOfOrder + gaps + stray;
    }
  }

  /** How many times the yardstick's. */
  record Ratio(double cpuPerDelivery, double p50, double p99) {
    static Ratio of(List<Figures> server, List<Figures> yardstick) {
      int pairs = Math.min(server.size(), yardstick.size());
      if (pairs == 0) {
        return null;
      }
      return new Ratio(
          ratio(pairs, server, yardstick, f -> f.cost().cpuMicrosPerDelivery()),
          ratio(pairs, server, yardstick, f -> f.deliveryMs().p50()),
          ratio(pairs, server, yardstick, f -> f.deliveryMs().p99()));
    }

    private static double ratio(
        int pairs, List<Figures> a, List<Figures> b, ToDoubleFunction<Figures> figure) {
      double[] ratios = new double[pairs];
      for (int i = 0; i < pairs; i++) {
        double under = figure.applyAsDouble(b.get(i));
        ratios[i] = under == 0 ? 0 : figure.applyAsDouble(a.get(i)) / under;
      }
      return median(ratios);
    }
  }

  static Results of(
      String scenario,
      String startedAt,
      Map<String, Object> options,
      Map<String, Object> machine,
      List<Figures> rounds) {
    List<Figures> server = rounds.stream().filter(f -> f.target().equals(SERVER)).toList();
    List<Figures> yardstick = rounds.stream().filter(f -> f.target().equals(YARDSTICK)).toList();
    return new Results(
        SCHEMA,
        scenario,
        startedAt,
        options,
        machine,
        rounds,
        Summary.of(server),
        Summary.of(yardstick),
        Ratio.of(server, yardstick));
  }

  private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
    return median(rounds.stream().mapToDouble(figure).toArray());
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static long sum(List<Figures> rounds, ToLongFunction<Figures> figure) {
    return rounds.stream().mapToLong(figure).sum();
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
