package chat.parley.stores.jdbc;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

class H2CursorStoreTest extends CursorStoreSuite {
  @Override
  JsonObject settings(Path folder) {
    return h2In(folder);
  }
}
