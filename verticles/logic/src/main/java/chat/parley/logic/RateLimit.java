package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Messages of one user in one instance: a token bucket that holds one second's worth. The users
 * least recently seen are forgotten, and start over with a full bucket.
 */
final class RateLimit {
  private static final int USERS = 10_000;
  private static final double NANOS = 1e9;

  private final int perSecond;
  private final LongSupplier nanoTime;
  private final Map<Long, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Bucket> eldest) {
          return size() > USERS;
        }
      };

  /**
   * @param perSecond 0: no limit
   */
  RateLimit(int perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
  }

  /**
   * Takes one message from a user's bucket.
   *
   * @throws ChatError {@code RATE_LIMITED} when it is empty
   */
  void take(long userId) {
    if (perSecond == 0) {
      return;
    }
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.computeIfAbsent(userId, id -> new Bucket(perSecond, now));
    bucket.level = Math.min(perSecond, bucket.level + (now - bucket.filledAt) / NANOS * perSecond);
    bucket.filledAt = now;
    if (bucket.level < 1) {
      throw new ChatError(
          ErrorCode.RATE_LIMITED,
          "more than " + perSecond + " messages a second, please slow down");
    }
    bucket.level--;
  }

  private static final class Bucket {
    private double level;
    private long filledAt;

    Bucket(double level, long filledAt) {
      this.level = level;
      this.filledAt = filledAt;
    }
  }
}
