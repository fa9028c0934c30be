package chat.parley.chaos;

import chat.parley.chaos.Finding.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a soak has seen so far. Any thread. */
final class Outcome {
  /** Findings that are told one by one; all are counted. */
  private static final int MOST_TOLD = 200;

  /**
   * A fault that struck.
   *
   * @param at since the beginning
   * @param lasted from its strike to its mending
   * @param back from its mending until every process was ready again; null when they were not
   */
  record Struck(Duration at, String kind, String what, Duration lasted, Duration back) {}

  private final List<Struck> faults = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private String doing = "starting";
  private int comparisons;
  private boolean stopped;

  synchronized void struck(Struck fault) {
    faults.add(fault);
  }

  synchronized void found(List<Finding> more) {
    for (Finding finding : more) {
      counts.merge(finding.verdict(), 1, Integer::sum);
      if (findings.size() < MOST_TOLD) {
        findings.add(finding);
      }
    }
  }

  synchronized void compared() {
    comparisons++;
  }

  synchronized void skipped(String kind, String why) {
    skipped.put(kind, why);
  }

  /** Somebody asked for the end before its time. */
  synchronized void stopped() {
    stopped = true;
  }

  synchronized boolean wasStopped() {
    return stopped;
  }

  synchronized void doing(String what) {
    doing = what;
  }

  synchronized String doing() {
    return doing;
  }

  synchronized List<Struck> faults() {
    return List.copyOf(faults);
  }

  synchronized List<Finding> findings() {
    return List.copyOf(findings);
  }

  synchronized int count(Verdict verdict) {
    return counts.getOrDefault(verdict, 0);
  }

  synchronized int wrong() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized Map<String, String> skipped() {
    return new LinkedHashMap<>(skipped);
  }

  synchronized int comparisons() {
    return comparisons;
  }
}
