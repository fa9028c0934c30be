package chat.parley.chaos;

import chat.parley.chaos.Finding.Verdict;
import chat.parley.e2e.support.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A comparison that is made again while something is wrong: it may still be under way. */
final class Comparison {
  private Comparison() {}

  /** What is still wrong when the patience is at its end; nothing as soon as nothing is. */
  static List<Finding> repeated(Duration patience, Callable<List<Finding>> comparison) {
    List<Finding> last = new ArrayList<>();
    try {
      Eventually.eventually(
          "everything to be as promised",
          patience,
          () -> {
            List<Finding> now = comparison.call();
            last.clear();
            last.addAll(now);
            return now.isEmpty();
          });
    } catch (AssertionError late) {
      return last.isEmpty()
          ? List.of(new Finding(Verdict.NOT_BACK, late.getMessage() + ": " + late.getCause()))
          : last;
    }
    return List.of();
  }
}
