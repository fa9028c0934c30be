package chat.parley.stores.jdbc;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

class PostgresMessageStoreTest extends MessageStoreSuite {
  @Override
  JsonObject settings(Path folder) {
    return PostgresServer.newDatabase();
  }
}
