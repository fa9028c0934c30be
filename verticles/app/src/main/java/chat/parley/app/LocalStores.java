package chat.parley.app;

import chat.parley.settings.SettingsReader;
import chat.parley.stores.DatabaseSettings;
import chat.parley.stores.RedisSettings;
import chat.parley.stores.jdbc.JdbcStores;
import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What must be there before the verticles: the data folder, the embedded Redis where no other is
 * configured, the database at this version's schema. Everything is begun at once, beside the start
 * of Vert.x, and awaited before deployment.
 */
final class LocalStores {
  private final RedisSettings redisSettings;
  private final DatabaseSettings databaseSettings;
  private final Path data;
  private final CompletableFuture<EmbeddedRedis> redis;
  private final CompletableFuture<Void> database;

  /**
   * Begins; blocks only to look at the data folder.
   *
   * @param config the whole settings tree
   * @param layers that will run: what none of them needs is not begun
   * @throws StartFailure when the data folder is needed and cannot be written
   */
  LocalStores(JsonObject config, Collection<Layer> layers) {
    data = Path.of(config.getString(SettingsSchema.DATA));
    redisSettings = SettingsReader.section(config, "redis", RedisSettings.class);
    databaseSettings = SettingsReader.section(config, "database", DatabaseSettings.class);
    boolean needsDatabase = layers.stream().anyMatch(Layer::needsDatabase);
    boolean needsChild =
        redisSettings.address() == null && layers.stream().anyMatch(Layer::needsRedis);
    if (needsChild || needsDatabase && databaseSettings.url() == null) {
      requireWritable(data);
    }
    redis =
        needsChild
            ? CompletableFuture.supplyAsync(() -> EmbeddedRedis.start(data))
            : CompletableFuture.completedFuture(null);
    database =
        needsDatabase
            ? CompletableFuture.runAsync(() -> JdbcStores.migrate(databaseSettings, data))
            : CompletableFuture.completedFuture(null);
  }

  /**
   * Waits until all is there.
   *
   * @throws RuntimeException saying in one sentence what is not
   */
  void await() {
    try {
      redis.join();
      database.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException why ? why : e;
    }
  }

  /** What is used, for people; names no password. Called after {@link #await}. */
  Map<String, String> describe() {
    EmbeddedRedis child = redis.join();
    Map<String, String> description = new LinkedHashMap<>();
    description.put(
        "Redis", child == null ? String.valueOf(redisSettings.address()) : child.description());
    description.put(
        "database", databaseSettings.url() == null ? "H2" : databaseSettings.toString());
    description.put("data", data.toString());
    return description;
  }

  /** Gives the embedded Redis back, which ends it with its last user. Blocking; idempotent. */
  void stop() {
    // A migration is not cut off by the end of the JVM.
    database.handle((done, failure) -> done).join();
    redis
        .handle((child, failure) -> child)
        .thenAccept(
            child -> {
              if (child != null) {
                child.close();
              }
            })
        .join();
  }

  private static void requireWritable(Path data) {
    try {
      Files.createDirectories(data);
      Files.delete(Files.createTempFile(data, ".writable", ""));
    } catch (IOException e) {
      throw StartFailure.environment(
          "the data folder " + data + " cannot be written; choose another by --data", e);
    }
  }
}
