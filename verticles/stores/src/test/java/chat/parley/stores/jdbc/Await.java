package chat.parley.stores.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

  /** The code that a Future failed with. */
  static ErrorCode codeOf(Future<?> future) {
    Throwable failure =
        await(future.<Throwable>transform(end -> Future.succeededFuture(end.cause())));
    assertThat(failure).isInstanceOf(ChatError.class);
    return ((ChatError) failure).code();
  }
}
