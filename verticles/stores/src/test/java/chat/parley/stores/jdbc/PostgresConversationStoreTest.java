package chat.parley.stores.jdbc;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

class PostgresConversationStoreTest extends ConversationStoreSuite {
  @Override
  JsonObject settings(Path folder) {
    return PostgresServer.newDatabase();
  }
}
