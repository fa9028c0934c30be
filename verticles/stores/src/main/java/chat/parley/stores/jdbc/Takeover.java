package chat.parley.stores.jdbc;

import chat.parley.bus.ChatError;
import chat.parley.settings.SettingsException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits at a start for a database that is there and does not answer just now: an H2 file whose
 * holder ends, until another process has taken it over, or a machine that starts much at once.
 * Blocking.
 */
final class Takeover {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

  /** With H2's own waits it takes some 5 s, and again when the one that takes it over dies too. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(100);

  private Takeover() {}

  /**
   * Tries until it works.
   *
   * @param attempt fails with what {@link SqlErrors} knows
   * @throws RuntimeException the attempt's, once it says that trying again does not help, or has
   *     been tried for {@link #PATIENCE}
   */
  static <T> T await(Supplier<T> attempt) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean said = false;
    while (true) {
      try {
        return attempt.get();
      } catch (RuntimeException e) {
        ChatError error = SqlErrors.of(e);
        if (!error.retryable() || System.nanoTime() - end > 0) {
          throw e;
        }
        if (!said) {
          said = true;
          LOG.info("waiting for the database: {}", SqlErrors.reasonOf(e));
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SettingsException("the start was interrupted", e);
    }
  }
}
