package chat.parley.chaos;

import java.time.Duration;

/**
 * One thing that goes wrong with a running cluster. Called on the soak's own thread, in the order
 * of the methods; what fails is an {@link AssertionError} or a runtime exception and ends the soak.
 */
public interface Fault {
  /** For people: {@code kill -9 of task-1}. */
  String what();

  /** Makes it so, and returns when it is. */
  void strike();

  /** How long it stays so. Zero: what {@link #strike} did is over when it returns. */
  Duration lasts();

  /** Whether connections of clients may end without either side hearing of it. */
  default boolean losesConnectionsSilently() {
    return false;
  }

  /**
   * Does what only who runs the servers can do: starts what was killed, lets go on what was
   * stopped. Does not wait; whatever else is needed is the servers' own work, and is timed.
   */
  void mend();
}
