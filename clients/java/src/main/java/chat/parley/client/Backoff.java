package chat.parley.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that double, with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog,
 * 2015): many clients of a node that went come back spread out.
 */
final class Backoff {
  private final long leastMs;
  private final long mostMs;
  private int attempts;

  Backoff(Duration least, Duration most) {
    this.leastMs = least.toMillis();
    this.mostMs = most.toMillis();
  }

  /** The next pause, not shorter than the server asked for. */
  long nextMs(Duration notSooner) {
    long ceiling = Math.min(mostMs, leastMs << Math.min(attempts++, 20));
    return notSooner.toMillis() + ThreadLocalRandom.current().nextLong(ceiling + 1);
  }

  void reset() {
    attempts = 0;
  }
}
