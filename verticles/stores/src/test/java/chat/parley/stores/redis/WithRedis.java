package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;

import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a real Redis of its own that it may kill, freeze and let go on. */
abstract class WithRedis {
  @TempDir Path data;

  final Vertx vertx = Vertx.vertx();
  EmbeddedRedis redis;
  private final List<RedisStores> opened = new ArrayList<>();

  @BeforeEach
  void startRedis() {
    redis = EmbeddedRedis.start(data);
  }

  @AfterEach
  void stopRedis() {
    signal("CONT");
    opened.forEach(stores -> await(stores.close()));
    await(vertx.close());
    redis.close();
  }

  /** Settings with the given ones for Redis. */
  JsonObject config(JsonObject redisSettings) {
    return new JsonObject().put("data", data.toString()).put("redis", redisSettings);
  }

  /** Stores on a connection of their own. */
  RedisStores stores() {
    return stores(new JsonObject());
  }

  RedisStores stores(JsonObject redisSettings) {
    RedisStores stores = await(RedisStores.open(vertx, config(redisSettings)));
    opened.add(stores);
    return stores;
  }

  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(redis.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Kills Redis without a word, and waits until it was started again. */
  void killAndAwaitRestart() {
    long killed = redis.pid();
    signal("KILL");
    Waiting.awaitUntil(() -> redis.pid() != killed);
  }
}
