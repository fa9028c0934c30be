package chat.parley.bench;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The table at the end of a run. */
final class TextReport {
  private static final String ROW = "  %-34s %14s %14s %10s%n";

  private final Results results;
  private final StringBuilder out = new StringBuilder();

  private TextReport(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    return new TextReport(results).write();
  }

  private String write() {
    boolean compared = results.yardstick() != null;
    out.append(
        "%n%s over %s, %d round%s%n%n"
            .formatted(
                results.scenario(),
                results.options().get("wire"),
                results.server().rounds(),
                results.server().rounds() == 1 ? "" : "s"));
    line("", "server", compared ? "yardstick" : "", compared ? "ratio" : "");
    row("connections", s -> whole(s.connections()));
    if (results.server().acceptedPerSecond() > 0) {
      row("messages accepted, per second", s -> number(s.acceptedPerSecond()));
    }
    if (results.server().deliveriesPerSecond() > 0) {
      row("deliveries, per second", s -> number(s.deliveriesPerSecond()));
    }
    if (results.server().maxMs() > 0) {
      row("send to arrival, ms: p50", s -> ms(s.p50Ms()), r -> r.p50());
      row("p90", s -> ms(s.p90Ms()));
      row("p99", s -> ms(s.p99Ms()), r -> r.p99());
      row("p99.9", s -> ms(s.p999Ms()));
      row("max", s -> ms(s.maxMs()));
    }
    if (results.server().answerP99Ms() > 0) {
      row("send to answer, ms: p50", s -> ms(s.answerP50Ms()));
      row("p99", s -> ms(s.answerP99Ms()));
    }
    if (results.server().cpuMicrosPerDelivery() > 0) {
      String what = results.scenario().equals("accept") ? "message" : "delivery";
      row(
          "CPU per " + what + ", microseconds",
          s -> ms(s.cpuMicrosPerDelivery()),
          r -> r.cpuPerDelivery());
      row("the same, per CPU second", s -> number(s.deliveriesPerCpuSecond()));
    }
    row("memory, MiB", s -> number(s.rssMib()));
    row("lost", s -> whole(s.lost()));
    row("duplicates", s -> whole(s.duplicates()));
    row("out of order, gaps, strays", s -> whole(s.outOfOrder() + s.gaps() + s.stray()));
    row("repeats (dropped by seq)", s -> whole(s.repeats()));
    row("refused", s -> whole(s.refused()));
    row("refused and sent again", s -> whole(s.retried()));
    if (results.server().maxMs() > 0) {
      row("the bench sends late, ms: p99", s -> ms(s.sendLateP99Ms()));
    }
    last();
    return out.toString();
  }

  /** What only the last round of the server says. */
  private void last() {
    for (int i = results.rounds().size() - 1; i >= 0; i--) {
      Figures round = results.rounds().get(i);
      if (!round.target().equals(Results.SERVER)) {
        continue;
      }
      round.more().forEach((name, value) -> line(name, text(value), "", ""));
      if (round.bus() != null) {
        line("bus deliveries per message", perMessage(round.bus().deliveriesPerMessage()), "", "");
        line("bus messages per message", perMessage(round.bus().busMessagesPerMessage()), "", "");
      }
      Figures.Connections connections = round.connections();
      if (connections.failed() + connections.lost() > 0) {
        out.append(
            "  of %d connections %d never came about, and %d ended before their time%n"
                .formatted(connections.wanted(), connections.failed(), connections.lost()));
      }
      counts("refused", round.messages().refused());
      counts("sent again", round.messages().retried());
      counts("connection", round.connections().failures());
      for (Processes.Spent process : round.cost().processes()) {
        out.append(
            "  process %d %s: %.2f CPU seconds of %.1f, %.0f MiB%n"
                .formatted(
                    process.pid(),
                    process.name(),
                    process.cpuSeconds(),
                    round.cost().seconds(),
                    process.rssMib()));
      }
      out.append(
          "  the bench itself: %.2f CPU seconds%n".formatted(round.cost().benchCpuSeconds()));
      if (!round.complete()) {
        out.append("  ended before its time: these are the figures so far\n");
      }
      return;
    }
  }

  private void counts(String what, Map<String, ? extends Number> counts) {
    counts.forEach(
        (why, n) -> out.append("  %s: %s, %d times%n".formatted(what, why, n.longValue())));
  }

  private void row(String name, Function<Results.Summary, String> figure) {
    row(name, figure, null);
  }

  private void row(
      String name,
      Function<Results.Summary, String> figure,
      Function<Results.Ratio, Double> ratio) {
    boolean compared = results.yardstick() != null;
    line(
        name,
        figure.apply(results.server()),
        compared ? figure.apply(results.yardstick()) : "",
        compared && ratio != null ? "%.2f".formatted(ratio.apply(results.ratio())) : "");
  }

  private void line(String name, String server, String yardstick, String ratio) {
    String line = ROW.formatted(name, server, yardstick, ratio);
    out.append(line.stripTrailing()).append('\n');
  }

  private static String text(Object value) {
    return value instanceof Double number ? number(number) : String.valueOf(value);
  }

  private static String perMessage(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String whole(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%,.1f" : "%,.0f", value);
  }

  private static String ms(double value) {
    return String.format(Locale.ROOT, "%,.2f", value);
  }
}
