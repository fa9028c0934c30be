package chat.parley.settings;

import java.time.Duration;

/**
 * How often something may be done: a bucket of so many tokens, which fills in so much time. Written
 * {@code 100/10s}: a hundred at once, ten a second for ever; or {@code none}.
 *
 * <p>What has been done is one number (GCRA, ITU-T I.371): the moment at which the bucket will be
 * full again. That keeps it with whoever is counted, without an object of its own.
 *
 * @param times tokens of the full bucket; 0: no limit
 * @param per time in which an empty one fills
 */
public record Rate(int times, Duration per) {
  public static final Rate NONE = new Rate(0, Duration.ZERO);

  public Rate {
    if (times < 0 || per.isNegative() || times == 0 != per.isZero()) {
      throw new IllegalArgumentException("a rate is at least 1 in at least 1ms");
    }
  }

  public boolean limited() {
    return times > 0;
  }

  /**
   * Takes one.
   *
   * @param fullAt when the bucket is full, or was, by {@link System#nanoTime}
   * @param now by the same clock
   * @return when it is full after that, to be kept unless {@link #missing} says that there was none
   */
  public long take(long fullAt, long now) {
    long from = fullAt - now > 0 ? fullAt : now;
    return limited() ? from + per.toNanos() / times : from;
  }

  /**
   * Whether there was one to take.
   *
   * @param fullAt what {@link #take} has answered
   * @return nanoseconds until there is one; 0: it was there
   */
  public long missing(long fullAt, long now) {
    return limited() ? Math.max(0, fullAt - now - per.toNanos()) : 0;
  }

  /** As it is written. */
  @Override
  public String toString() {
    if (!limited()) {
      return "none";
    }
    long ms = per.toMillis();
    return times + "/" + (ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms");
  }
}
