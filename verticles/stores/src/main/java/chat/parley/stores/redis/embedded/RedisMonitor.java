package chat.parley.stores.redis.embedded;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the redis-server a few times a second, on a daemon thread of its own. One that dies
 * again and again, as on a full disk, is started after longer and longer rests.
 */
final class RedisMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(RedisMonitor.class);
  private static final long PERIOD_MS = 250;
  private static final long LONGEST_REST_MS = 4_000;

  /** Whoever has lived for so long is well. */
  private static final long WELL_MS = 10_000;

  private final EmbeddedRedis redis;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "embedded-redis-monitor");
            daemon.setDaemon(true);
            return daemon;
          });

  private long restMs;
  private long restedAt = System.nanoTime();
  private boolean failing;

  RedisMonitor(EmbeddedRedis redis) {
    this.redis = redis;
  }

  void start() {
    thread.scheduleWithFixedDelay(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  void stop() {
    thread.shutdown();
  }

  private void look() {
    long sinceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - restedAt);
    if (sinceMs < restMs) {
      return;
    }
    try {
      if (redis.restartIfDead()) {
        failing = false;
        rest(sinceMs);
      }
    } catch (RuntimeException e) {
      // Tried again later; an exception that left here would end the looking.
      if (!failing) {
        LOG.error("the embedded Redis cannot be started again now; tried again and again", e);
      }
      failing = true;
      rest(sinceMs);
    }
  }

  /** None for the first time in a while. */
  private void rest(long sinceMs) {
    restMs =
        sinceMs > WELL_MS + restMs ? 0 : Math.min(LONGEST_REST_MS, Math.max(PERIOD_MS, 2 * restMs));
    restedAt = System.nanoTime();
  }
}
