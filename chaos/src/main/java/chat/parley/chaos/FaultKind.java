package chat.parley.chaos;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** A kind of fault: what a soak chooses from. */
public interface FaultKind {
  /** By which it is asked for on the command line, and named in the report. */
  String name();

  /** What must hold in spite of it; a line of the report. */
  String promise();

  /** How often it is chosen, compared with the others. */
  int weight();

  /** Whether it strikes when no kind is asked for: not if it needs a machine prepared for it. */
  default boolean byDefault() {
    return true;
  }

  /** Why it cannot be done on this machine, with this database; empty when it can. */
  default Optional<String> impossible(Scene scene) {
    return Optional.empty();
  }

  /** One such fault. The same random numbers choose the same one. */
  Fault choose(RandomGenerator random, Scene scene);
}
