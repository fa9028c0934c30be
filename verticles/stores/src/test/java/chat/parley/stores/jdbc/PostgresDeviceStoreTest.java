package chat.parley.stores.jdbc;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

class PostgresDeviceStoreTest extends DeviceStoreSuite {
  @Override
  JsonObject settings(Path folder) {
    return PostgresServer.newDatabase();
  }
}
