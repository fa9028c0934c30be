package chat.parley.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a soak is to do.
 *
 * @param length of the time in which faults strike
 * @param rate messages a second
 * @param database h2 or postgres
 * @param whole two processes with every layer each, instead of two of each layer
 * @param kinds of faults; those that are impossible here are skipped
 * @param folder for logs, and for the data unless it is elsewhere
 * @param data where Redis and H2 keep their files
 */
record Settings(
    Duration length,
    long seed,
    double rate,
    Backend database,
    boolean whole,
    List<FaultKind> kinds,
    Path folder,
    Path data) {
  /** Whether a kind of fault is wanted. */
  boolean has(String kind) {
    return kinds.stream().anyMatch(one -> one.name().equals(kind));
  }

  /** Where messages are kept. */
  enum Backend {
    H2,
    POSTGRES
  }
}
