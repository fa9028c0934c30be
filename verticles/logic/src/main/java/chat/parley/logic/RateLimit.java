package chat.parley.logic;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.settings.Rate;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Messages of one user in one instance. The users least recently seen are forgotten, and start over
 * with a full bucket.
 */
final class RateLimit {
  private static final Counter REFUSALS = Bounds.refusals("limits.messages-per-user");
  private static final int USERS = 10_000;

  private final Rate rate;
  private final LongSupplier nanoTime;
  private final Map<Long, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Bucket> eldest) {
          return size() > USERS;
        }
      };

  RateLimit(Rate rate, LongSupplier nanoTime) {
    this.rate = rate;
    this.nanoTime = nanoTime;
  }

  /**
   * Takes one message from a user's bucket.
   *
   * @throws ChatError {@code RATE_LIMITED} when it is empty
   */
  void take(long userId) {
    if (!rate.limited()) {
      return;
    }
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.computeIfAbsent(userId, id -> new Bucket(now));
    long fullAt = rate.take(bucket.fullAt, now);
    long missing = rate.missing(fullAt, now);
    if (missing > 0) {
      REFUSALS.increment();
      throw ChatError.rateLimited(
          "more than "
              + rate.times()
              + " messages in "
              + rate.per().toSeconds()
              + " s, please slow down",
          Duration.ofNanos(missing));
    }
    bucket.fullAt = fullAt;
  }

  private static final class Bucket {
    private long fullAt;

    Bucket(long fullAt) {
      this.fullAt = fullAt;
    }
  }
}
