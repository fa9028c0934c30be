package chat.parley.stores.jdbc;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

class PostgresCursorStoreTest extends CursorStoreSuite {
  @Override
  JsonObject settings(Path folder) {
    return PostgresServer.newDatabase();
  }
}
