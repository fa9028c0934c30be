package chat.parley.stores.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits for the end of a Future, which every Future here must have. */
final class Await {
  private Await() {}

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no end in time", e);
    }
  }

  /** Tries again for as long as the failure says that it may help. */
  static <T> T retry(Supplier<Future<T>> attempt) {
    for (int tries = 1; ; tries++) {
      try {
        return await(attempt.get());
      } catch (ChatError e) {
        if (!e.retryable() || tries == 100) {
          throw e;
        }
      }
    }
  }

  /** The code that a Future failed with. */
  static ErrorCode codeOf(Future<?> future) {
    Throwable failure =
        await(future.<Throwable>transform(end -> Future.succeededFuture(end.cause())));
    assertThat(failure).isInstanceOf(ChatError.class);
    return ((ChatError) failure).code();
  }
}
