package chat.parley.task;

import java.util.concurrent.ThreadLocalRandom;

/** Waits between tries that grow from 50 ms to 2 s, with jitter so that workers do not march. */
final class Backoff {
  private static final long FIRST_MILLIS = 50;
  private static final long LAST_MILLIS = 2_000;

  private long next = FIRST_MILLIS;

  /** Between half of this try's wait and the whole of it. */
  long nextMillis() {
    long whole = next;
    next = Math.min(LAST_MILLIS, next * 2);
    return whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
  }

  void reset() {
    next = FIRST_MILLIS;
  }
}
