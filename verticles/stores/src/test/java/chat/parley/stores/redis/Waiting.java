package chat.parley.stores.redis;

import chat.parley.bus.ChatError;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits of a test's thread, each with a deadline. */
public final class Waiting {
  private static final long DEADLINE_S = 20;

  private Waiting() {}

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(DEADLINE_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the future did not end in time", e);
    }
  }

  /** The error that a future fails with. */
  public static ChatError awaitError(Future<?> future) {
    try {
      Object result = await(future);
      throw new AssertionError("succeeded with " + result);
    } catch (ChatError error) {
      return error;
    }
  }

  public static void awaitUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the condition did not come true in time");
      }
      Thread.onSpinWait();
    }
  }
}
