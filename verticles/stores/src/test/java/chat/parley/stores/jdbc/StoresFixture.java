package chat.parley.stores.jdbc;

import chat.parley.settings.SettingsReader;
import chat.parley.stores.DatabaseSettings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
  private JsonObject config;
  private DatabaseAddress address;

  @BeforeAll
  void open(@TempDir Path folder) {
    config = settings(folder);
    stores = Await.await(JdbcStores.open(vertx, config, clock));
    address =
        DatabaseAddress.of(
            SettingsReader.section(config, "database", DatabaseSettings.class), folder);
  }

  @AfterAll
  void close() {
    Await.await(stores.close());
    Await.await(vertx.close());
  }

  /** Stores that know nothing of what these have done; the caller closes them. */
  JdbcStores openAnother() {
    return Await.await(JdbcStores.open(vertx, config, clock));
  }

  /** Changes the database past the stores. */
  void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(address.url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The number that a query answers. */
  long count(String query) {
    try (Connection connection = DriverManager.getConnection(address.url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  abstract JsonObject settings(Path folder);

  static JsonObject h2In(Path folder) {
    return new JsonObject().put("data", folder.toString());
  }
}
