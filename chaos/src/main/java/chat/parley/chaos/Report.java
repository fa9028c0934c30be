package chat.parley.chaos;

import chat.parley.chaos.Finding.Verdict;
import chat.parley.chaos.Outcome.Struck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A soak when it is over, as text and as a page that needs nothing beside itself. */
final class Report {
  private final Settings settings;
  private final Outcome outcome;
  private final Soak.Figures figures;
  private final Duration took;
  private final List<FaultKind> kinds;

  Report(Settings settings, Outcome outcome, Soak soak) {
    this.settings = settings;
    this.outcome = outcome;
    this.figures = soak.figures();
    this.took = soak.elapsed();
    this.kinds = settings.kinds();
  }

  /** In one sentence. */
  private String verdict() {
    if (outcome.wrong() > 0) {
      return "%d promises broken".formatted(outcome.wrong());
    }
    if (outcome.wasStopped()) {
      return "stopped before its end; nothing wrong in what was compared until then";
    }
    return "every promise kept";
  }

  private String repeat() {
    return "./parley chaos --minutes %s --seed %d --database %s --rate %s%s --faults %s"
        .formatted(
            plain(settings.length().toMillis() / 60_000.0),
            settings.seed(),
            settings.database().toString().toLowerCase(java.util.Locale.ROOT),
            plain(settings.rate()),
            settings.whole() ? " --whole" : "",
            kinds.stream().map(FaultKind::name).collect(Collectors.joining(",")));
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : "%.2f".formatted(number);
  }

  /** One line of the table of faults. */
  private record Line(String kind, int count, String back, String promise) {}

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (FaultKind kind : kinds) {
      List<Struck> struck =
          outcome.faults().stream().filter(f -> f.kind().equals(kind.name())).toList();
      String back =
          outcome.skipped().containsKey(kind.name())
              ? "skipped: " + outcome.skipped().get(kind.name())
              : back(struck);
      lines.add(new Line(kind.name(), struck.size(), back, kind.promise()));
    }
    return lines;
  }

  private static String back(List<Struck> struck) {
    long missed = struck.stream().filter(fault -> fault.back() == null).count();
    double[] seconds =
        struck.stream()
            .filter(fault -> fault.back() != null)
            .mapToDouble(fault -> fault.back().toMillis() / 1_000.0)
            .sorted()
            .toArray();
    if (seconds.length == 0) {
      return missed == 0 ? "–" : "not back";
    }
    String text =
        "%.1f s, at most %.1f s"
            .formatted(seconds[seconds.length / 2], Arrays.stream(seconds).max().orElse(0));
    return missed == 0 ? text : text + "; " + missed + " not back";
  }

  private Map<String, String> messages() {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("acknowledged", "%,d".formatted(figures.acknowledged()));
    rows.put("sent again under the same id", "%,d".formatted(figures.resent()));
    rows.put("heard, by %d devices".formatted(figures.devices()), "%,d".formatted(figures.heard()));
    rows.put("compared with what every device heard", "%,d".formatted(figures.compared()));
    rows.put("moments at which all was compared", "%,d".formatted(outcome.comparisons()));
    for (Verdict verdict : Verdict.values()) {
      rows.put(verdict.forPeople(), "%,d".formatted(outcome.count(verdict)));
    }
    return rows;
  }

  private String title() {
    return "seed %d · %s · %s · %s"
        .formatted(
            settings.seed(),
            Live.clock(took),
            settings.database() == Settings.Backend.H2 ? "H2" : "PostgreSQL",
            settings.whole() ? "two whole processes" : "two processes of each layer");
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append("parley chaos: ").append(verdict()).append('\n');
    text.append(title()).append("\n\n");
    text.append("%-9s %7s  %-26s %s%n".formatted("fault", "times", "ready again after", "promise"));
    for (Line line : lines()) {
      text.append("%-9s %7d  %-26s %s%n".formatted(line.kind, line.count, line.back, line.promise));
    }
    text.append('\n');
    messages().forEach((name, value) -> text.append("%12s  %s%n".formatted(value, name)));
    outcome.findings().forEach(finding -> text.append("\n! ").append(finding));
    text.append(outcome.findings().isEmpty() ? "" : "\n");
    text.append("\nAgain: ").append(repeat()).append('\n');
    return text.toString();
  }

  String html() throws IOException {
    StringBuilder faults = new StringBuilder();
    for (Line line : lines()) {
      faults.append(row(line.kind, "" + line.count, line.back, line.promise));
    }
    StringBuilder course = new StringBuilder();
    for (Struck fault : outcome.faults()) {
      course.append(
          row(
              Live.clock(fault.at()),
              fault.what(),
              "%.1f s".formatted(fault.lasted().toMillis() / 1_000.0),
              fault.back() == null
                  ? "not back"
                  : "%.1f s".formatted(fault.back().toMillis() / 1_000.0)));
    }
    StringBuilder messages = new StringBuilder();
    messages().forEach((name, value) -> messages.append(row(name, value)));
    StringBuilder findings = new StringBuilder();
    outcome
        .findings()
        .forEach(f -> findings.append("<li>").append(escaped("" + f)).append("</li>"));
    return page()
        .replace("{class}", outcome.wrong() > 0 ? "bad" : "good")
        .replace("{verdict}", escaped(verdict()))
        .replace("{title}", escaped(title()))
        .replace("{faults}", faults)
        .replace("{messages}", messages)
        .replace("{course}", course)
        .replace("{findings}", findings)
        .replace("{repeat}", escaped(repeat()));
  }

  private static String row(String... cells) {
    return Arrays.stream(cells)
        .map(cell -> "<td>" + escaped(cell) + "</td>")
        .collect(Collectors.joining("", "<tr>", "</tr>\n"));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String page() throws IOException {
    try (InputStream in = Report.class.getResourceAsStream("report.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
