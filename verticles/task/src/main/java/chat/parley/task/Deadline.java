package chat.parley.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Waiting for something for so long, and then going on without it. */
final class Deadline {
  private Deadline() {}

  /** Succeeds when what is waited for has ended, well or not, or when the time is up. */
  static Future<Void> within(Vertx vertx, Duration time, Future<?> awaited) {
    Promise<Void> over = Promise.promise();
    long timer = vertx.setTimer(time.toMillis(), t -> over.tryComplete());
    awaited.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          over.tryComplete();
        });
    return over.future();
  }
}
