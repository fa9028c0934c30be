package chat.parley.connect;

import chat.parley.settings.SettingsException;
import java.time.Duration;

/**
 * Section {@code v2}: the deadlines and bounds of v2 sessions.
 *
 * @param heartbeatInterval each side says something at least this often
 * @param acknowledgeWithin what is not acknowledged for this long is sent again
 * @param acknowledgeAfter how long a client may collect before it acknowledges
 * @param maxInFlight sends of one session without an answer, before more are refused
 * @param maxHistoryPage messages of one page of history
 * @param cursorSave pause between two writes of what devices acknowledged
 */
public record V2Settings(
    Duration heartbeatInterval,
    Duration acknowledgeWithin,
    Duration acknowledgeAfter,
    int maxInFlight,
    int maxHistoryPage,
    Duration cursorSave) {
  public V2Settings {
    heartbeatInterval = orElse(heartbeatInterval, Duration.ofSeconds(30));
    acknowledgeWithin = orElse(acknowledgeWithin, Duration.ofSeconds(20));
    acknowledgeAfter = orElse(acknowledgeAfter, Duration.ofSeconds(1));
    maxInFlight = maxInFlight == 0 ? 256 : maxInFlight;
    maxHistoryPage = maxHistoryPage == 0 ? 200 : maxHistoryPage;
    cursorSave = orElse(cursorSave, Duration.ofSeconds(2));
    if (maxInFlight < 1 || maxHistoryPage < 1) {
      throw new SettingsException(
          "v2.max-in-flight and v2.max-history-page must be at least 1, not %d and %d"
              .formatted(maxInFlight, maxHistoryPage));
    }
    if (acknowledgeWithin.compareTo(acknowledgeAfter) <= 0) {
      throw new SettingsException(
          "v2.acknowledge-within must be longer than v2.acknowledge-after (%d ms), not %d ms"
              .formatted(acknowledgeAfter.toMillis(), acknowledgeWithin.toMillis()));
    }
  }

  /** Silence of a client after which its connection is closed. */
  long silenceMs() {
    return heartbeatInterval.toMillis() * 5 / 2;
  }

  private static Duration orElse(Duration value, Duration fallback) {
    return value == null ? fallback : value;
  }
}
