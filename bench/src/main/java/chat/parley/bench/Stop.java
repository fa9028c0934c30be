package chat.parley.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Whether the run was asked to end. All waiting of the main thread is done here. */
final class Stop {
  private static final long LOOK_MS = 20;

  private final CountDownLatch asked = new CountDownLatch(1);

  void ask() {
    asked.countDown();
  }

  boolean asked() {
    return asked.getCount() == 0;
  }

  /** Waits; false when the run was asked to end before. */
  boolean sleep(long nanos) {
    try {
      return !asked.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits until something is so; false when it is not within {@code atMost}, or not any more. */
  boolean until(Duration atMost, BooleanSupplier so) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || !sleep(TimeUnit.MILLISECONDS.toNanos(LOOK_MS))) {
        return so.getAsBoolean();
      }
    }
    return true;
  }
}
