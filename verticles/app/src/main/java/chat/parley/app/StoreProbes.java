package chat.parley.app;

import chat.parley.stores.jdbc.JdbcStores;
import chat.parley.stores.redis.RedisStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Asks Redis and the database a small question, over connections that serve nothing else. */
final class StoreProbes {
  private static final List<String> NOTHING = List.of("readiness-probe");

  private final RedisStores redis;
  private final JdbcStores database;

  private StoreProbes(RedisStores redis, JdbcStores database) {
    this.redis = redis;
    this.database = database;
  }

  /**
   * Fails as the stores themselves do: with a sentence that names what is wrong.
   *
   * @param config the whole settings tree
   */
  static Future<StoreProbes> open(Vertx vertx, JsonObject config) {
    JsonObject narrow = config.copy();
    JsonObject section = narrow.getJsonObject("database", new JsonObject()).put("pool-size", 1);
    return RedisStores.open(vertx, config)
        .compose(
            redis ->
                JdbcStores.open(vertx, narrow.put("database", section))
                    .map(database -> new StoreProbes(redis, database))
                    .recover(t -> redis.close().transform(v -> Future.failedFuture(t))));
  }

  Future<?> askRedis() {
    return redis.topics().nodesOf(NOTHING);
  }

  Future<?> askDatabase() {
    return database.messages().heads(NOTHING);
  }

  Future<Void> close() {
    return Future.join(redis.close(), database.close()).mapEmpty();
  }
}
