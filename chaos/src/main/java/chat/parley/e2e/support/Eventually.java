package chat.parley.e2e.support;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for conditions, never for time. A deadline that passes fails the test and says for what.
 */
public final class Eventually {
  /** Enough for anything on a busy machine of two cores, restarts of a process excepted. */
  public static final Duration SOON = Duration.ofSeconds(15);

  private static final long FIRST_PAUSE_NANOS = 2_000_000;
  private static final long LONGEST_PAUSE_NANOS = 100_000_000;

  private Eventually() {}

  public static void eventually(String what, Callable<Boolean> condition) {
    eventually(what, SOON, condition);
  }

  public static void eventually(String what, Duration deadline, Callable<Boolean> condition) {
    find(what, deadline, () -> condition.call() ? Optional.of(true) : Optional.empty());
  }

  /** Asks until there is an answer; an exception counts as none and stands in the failure. */
  public static <T> T find(String what, Duration deadline, Callable<Optional<T>> question) {
    long end = System.nanoTime() + deadline.toNanos();
    long pause = FIRST_PAUSE_NANOS;
    Throwable last = null;
    while (true) {
      try {
        Optional<T> answer = question.call();
        if (answer.isPresent()) {
          return answer.get();
        }
        last = null;
      } catch (Exception | AssertionError e) {
        last = e;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + deadline + ": " + what, last);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting for " + what, last);
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  /** Repeats assertions until they hold; the last failure is thrown. */
  public static void holds(Duration deadline, Runnable assertions) {
    long end = System.nanoTime() + deadline.toNanos();
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      try {
        assertions.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  public static void holds(Runnable assertions) {
    holds(SOON, assertions);
  }
}
