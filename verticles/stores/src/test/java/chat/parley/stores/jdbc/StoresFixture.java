package chat.parley.stores.jdbc;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Opens the stores once for a class of tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoresFixture {
  final Vertx vertx = Vertx.vertx();
  final SettableClock clock = new SettableClock();
  JdbcStores stores;

  @BeforeAll
  void open(@TempDir Path folder) {
    stores = Await.await(JdbcStores.open(vertx, settings(folder), clock));
  }

  @AfterAll
  void close() {
    Await.await(stores.close());
    Await.await(vertx.close());
  }

  abstract JsonObject settings(Path folder);

  static JsonObject h2In(Path folder) {
    return new JsonObject().put("data", folder.toString());
  }
}
