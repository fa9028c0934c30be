package chat.parley.stores.jdbc;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

class PostgresAccountStoreTest extends AccountStoreSuite {
  @Override
  JsonObject settings(Path folder) {
    return PostgresServer.newDatabase();
  }
}
