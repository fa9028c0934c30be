package chat.parley.logic;

import chat.parley.stores.Node;
import chat.parley.stores.jdbc.JdbcStores;
import chat.parley.stores.redis.RedisStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** What one instance of logic holds open. */
record LogicStores(Node node, RedisStores redis, JdbcStores jdbc) {
  /** Opens everything or nothing: what was opened is closed again when another part is away. */
  static Future<LogicStores> open(Vertx vertx, JsonObject config) {
    Future<RedisStores> redis = RedisStores.open(vertx, config);
    Future<JdbcStores> jdbc = JdbcStores.open(vertx, config);
    Future<Node> node = redis.compose(there -> Node.join(vertx, config));
    return Future.join(redis, jdbc, node)
        .map(all -> new LogicStores(node.result(), redis.result(), jdbc.result()))
        .recover(
            away ->
                Future.join(
                        node.compose(Node::leave),
                        redis.compose(RedisStores::close),
                        jdbc.compose(JdbcStores::close))
                    .transform(closed -> Future.failedFuture(away)));
  }

  /** The node leaves first: it needs Redis for that. */
  Future<Void> close() {
    return node.leave().transform(left -> Future.join(redis.close(), jdbc.close())).mapEmpty();
  }
}
