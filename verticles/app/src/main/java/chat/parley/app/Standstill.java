package chat.parley.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Notices that the process stood still (SIGSTOP, a machine without a processor, a long collection):
 * a thread that has nothing to do but look at the clock did not get to it. Any thread may ask.
 */
final class Standstill {
  /** Who asked something has not given up after less than this. */
  static final Duration LONG = Duration.ofSeconds(1);

  /** For so long afterwards what waited meanwhile is still being read. */
  static final Duration AFTER = Duration.ofSeconds(1);

  private static final long LOOK_MS = 100;
  private static final Counter NOTICED = Metrics.counter("parley.standstills");

  private final LongSupplier clock;
  private volatile long lastLook;
  private volatile long over;

  /**
   * @param clock nanoseconds, as {@link System#nanoTime()}
   */
  Standstill(LongSupplier clock) {
    this.clock = clock;
    this.lastLook = clock.getAsLong();
    this.over = lastLook;
  }

  /** Looks by itself from now on, for as long as the process lives. */
  static Standstill watched() {
    Standstill standstill = new Standstill(System::nanoTime);
    Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "parley-standstill");
              thread.setDaemon(true);
              return thread;
            })
        .scheduleWithFixedDelay(standstill::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    return standstill;
  }

  /** Looks at the clock. */
  void look() {
    long now = clock.getAsLong();
    if (now - lastLook > LONG.toNanos()) {
      over = now + AFTER.toNanos();
      NOTICED.increment();
    }
    lastLook = now;
  }

  /** Whether the process stood still just now, and what is read may have waited for long. */
  boolean justEnded() {
    long now = clock.getAsLong();
    return now - over < 0 || now - lastLook > LONG.toNanos();
  }
}
