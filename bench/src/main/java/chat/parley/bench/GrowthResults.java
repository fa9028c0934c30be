package chat.parley.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A whole run of {@code growth}, as its JSON has it.
 *
 * @param schema raised when a field changes its meaning
 * @param options as they were in force
 * @param sizes in the order in which they were tried
 * @param connectionKib resident memory of the server for each connection, by the straight line
 *     through {@code opening} of the largest size; 0: too few connections to tell
 */
record GrowthResults(
    int schema,
    String scenario,
    String startedAt,
    Map<String, Object> options,
    Map<String, Object> machine,
    List<Size> sizes,
    double connectionKib) {
  private static final String ROW = "  %9s %11s %11s %11s %7s %9s %9s %11s %11s %6s%n";
  private static final double KIB = 1024;

  /** Below, the heap's own ups and downs are larger than what connections need. */
  private static final int ENOUGH_CONNECTIONS = 1_000;

  /**
   * One size of the group.
   *
   * @param messagesPerSecond as scheduled
   * @param bus of the server's last round; null when its metrics page was not to be had
   */
  record Size(
      int members,
      double messagesPerSecond,
      Results.Summary server,
      Results.Summary yardstick,
      Results.Ratio ratio,
      Bus bus,
      List<Figures> rounds) {
    static Size of(int members, double messagesPerSecond, List<Figures> rounds) {
      List<Figures> server = by(rounds, Results.SERVER);
      List<Figures> yardstick = by(rounds, Results.YARDSTICK);
      return new Size(
          members,
          messagesPerSecond,
          Results.Summary.of(server),
          Results.Summary.of(yardstick),
          Results.Ratio.of(server, yardstick),
          server.get(server.size() - 1).bus(),
          rounds);
    }

    private static List<Figures> by(List<Figures> rounds, String target) {
      return rounds.stream().filter(round -> round.target().equals(target)).toList();
    }
  }

  static GrowthResults of(
      String startedAt, Map<String, Object> options, Map<String, Object> machine, List<Size> done) {
    return new GrowthResults(
        Results.SCHEMA, "growth", startedAt, options, machine, done, connectionKib(done));
  }

  /** What may not be, over all sizes. */
  long faults() {
    return sizes.stream().mapToLong(size -> size.server().faults()).sum();
  }

  private static double connectionKib(List<Size> sizes) {
    List<Figures.Opened> points = List.of();
    for (Size size : sizes) {
      for (Figures round : size.rounds()) {
        if (round.target().equals(Results.SERVER)
            && round.connections().ready() >= ENOUGH_CONNECTIONS
            && round.opening().size() >= points.size()) {
          points = round.opening();
        }
      }
    }
    double n = points.size();
    double x = points.stream().mapToDouble(Figures.Opened::connections).sum() / Math.max(1, n);
    double y = points.stream().mapToDouble(Figures.Opened::rssMib).sum() / Math.max(1, n);
    double along = 0;
    double square = 0;
    for (Figures.Opened point : points) {
      along += (point.connections() - x) * (point.rssMib() - y);
      square += (point.connections() - x) * (point.connections() - x);
    }
    return square == 0 ? 0 : along / square * KIB;
  }

  /** The table at the end. */
  String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        "%ngrowth over %s, %s deliveries a second%n%n"
            .formatted(
                options.get("wire"),
                String.format(Locale.ROOT, "%,.0f", (Double) options.get("deliveries"))));
    row(out, "", "messages", "CPU us", "yardstick's", "", "p50", "p99", "bus deliv.", "memory", "");
    row(
        out,
        "members",
        "per second",
        "each",
        "CPU us",
        "ratio",
        "ms",
        "ms",
        "per message",
        "MiB",
        "lost");
    for (Size size : sizes) {
      Results.Summary server = size.server();
      row(
          out,
          number("%,.0f", size.members()),
          number("%,.1f", server.acceptedPerSecond()),
          number("%,.2f", server.cpuMicrosPerDelivery()),
          number("%,.2f", size.yardstick().cpuMicrosPerDelivery()),
          number("%,.2f", size.ratio().cpuPerDelivery()),
          number("%,.2f", server.p50Ms()),
          number("%,.2f", server.p99Ms()),
          size.bus() == null ? "-" : number("%,.3f", size.bus().deliveriesPerMessage()),
          number("%,.0f", server.rssMib()),
          number("%,.0f", server.lost()));
    }
    for (Size size : sizes) {
      if (size.server().connections() < size.members()) {
        out.append(
            "%n  of %,d connections %,d came about%n"
                .formatted(size.members(), size.server().connections()));
      }
    }
    if (connectionKib > 0) {
      out.append("%n  memory of a connection: %s KiB%n".formatted(number("%,.1f", connectionKib)));
    }
    return out.toString();
  }

  private static void row(StringBuilder out, Object... cells) {
    out.append(ROW.formatted(cells));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
