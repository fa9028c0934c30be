package chat.parley.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What strikes when: the same seed and kinds, the same plan. */
final class Plan {
  private static final int MOST_OF_A_ROUND = 3;
  private static final int LONGEST_PEACE_MS = 6_000;

  private final Random random;
  private final List<FaultKind> kinds;
  private final List<FaultKind> first;

  /**
   * @param kinds at least one; each comes once before any comes again by its weight
   */
  Plan(long seed, List<FaultKind> kinds) {
    this.random = new Random(seed);
    this.kinds = kinds;
    this.first = new ArrayList<>(kinds);
    Collections.shuffle(first, random);
  }

  /** How many faults come before everything is compared. */
  int ofThisRound() {
    return 1 + random.nextInt(MOST_OF_A_ROUND);
  }

  /** How long everything is well before the next one. */
  Duration peace() {
    return Duration.ofMillis(1_000 + random.nextInt(LONGEST_PEACE_MS));
  }

  FaultKind kind() {
    if (!first.isEmpty()) {
      return first.remove(0);
    }
    int left = random.nextInt(kinds.stream().mapToInt(FaultKind::weight).sum());
    for (FaultKind kind : kinds) {
      left -= kind.weight();
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights do not add up");
  }

  boolean everyKindHadItsTurn() {
    return first.isEmpty();
  }

  Fault fault(FaultKind kind, Scene scene) {
    return kind.choose(random, scene);
  }
}
