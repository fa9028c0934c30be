package chat.parley.stores.redis.embedded;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the redis-server a few times a second, on a daemon thread of its own. */
final class RedisMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(RedisMonitor.class);
  private static final long PERIOD_MS = 250;

  private final EmbeddedRedis redis;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "embedded-redis-monitor");
            daemon.setDaemon(true);
            return daemon;
          });

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
    try {
      redis.restartIfDead();
    } catch (RuntimeException e) {
      // Tried again at the next look; an exception that left here would end the looking.
      LOG.error("the embedded Redis cannot be started again", e);
    }
  }
}
