package chat.parley.app;

import chat.parley.settings.SettingsException;
import java.time.Duration;

/**
 * How a process ends when it is told to. Section {@code drain}.
 *
 * @param announce how long it says that it is not ready and serves on as before, so that a load
 *     balancer can turn away first
 * @param deadline from the signal on; then the process ends, whatever is unfinished
 */
record DrainSettings(Duration announce, Duration deadline) {
  static final String SECTION = "drain";

  DrainSettings {
    announce = announce == null ? Duration.ZERO : announce;
    deadline = deadline == null ? Duration.ofSeconds(50) : deadline;
    if (deadline.compareTo(announce) <= 0) {
      throw new SettingsException(
          "drain.deadline must be longer than drain.announce (%d ms), not %d ms"
              .formatted(announce.toMillis(), deadline.toMillis()));
    }
  }
}
