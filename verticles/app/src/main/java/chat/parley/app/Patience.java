package chat.parley.app;

import chat.parley.bus.ChatError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again at the start what fails only for now: a Redis that is starting too, or a machine so
 * busy that an answer came late. What is wrong for good (a setting, a taken port) fails at once.
 */
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final long PAUSE_MS = 500;

  private final Vertx vertx;
  private final long endNanos;
  private String said = "";

  /**
   * @param patience counted from now
   */
  Patience(Vertx vertx, Duration patience) {
    this.vertx = vertx;
    this.endNanos = System.nanoTime() + patience.toNanos();
  }

  /** The first success; after the end of patience, the last failure. */
  <T> Future<T> with(Supplier<Future<T>> attempt) {
    return attempt
        .get()
        .recover(
            t -> {
              boolean inVain = !ChatError.of(t).retryable();
              if (inVain || System.nanoTime() > endNanos) {
                return Future.failedFuture(t);
              }
              say(Sentences.of(t));
              return pause().compose(paused -> with(attempt));
            });
  }

  /** Several may wait for the same thing, each many times: one line is enough. */
  private void say(String sentence) {
    if (!sentence.equals(said)) {
      said = sentence;
      LOG.info("waiting: {}", sentence);
    }
  }

  private Future<Void> pause() {
    Promise<Void> pause = Promise.promise();
    vertx.setTimer(PAUSE_MS, timer -> pause.complete());
    return pause.future();
  }
}
