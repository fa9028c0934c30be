package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.retry;
import static chat.parley.stores.jdbc.Messages.run;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.settings.SettingsReader;
import chat.parley.stores.DatabaseSettings;
import com.zaxxer.hikari.HikariDataSource;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process may be stopped (SIGSTOP, a long pause) between its insert and its commit. */
class StoppedWriterTest {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void transactionWhoseClientHasStoppedKeepsNobodyOutOfH2() throws SQLException {
    assertOthersMayWrite(
        new JsonObject()
            .put("data", folder.toString())
            .put("database", new JsonObject().put("deadline", "3s")));
  }

  @Test
  void transactionWhoseClientHasStoppedKeepsNobodyOutOfPostgres() throws SQLException {
    assertOthersMayWrite(PostgresServer.newDatabase());
  }

  private void assertOthersMayWrite(JsonObject config) throws SQLException {
    JdbcStores stores = await(JdbcStores.open(vertx, config));
    DatabaseSettings settings = SettingsReader.section(config, "database", DatabaseSettings.class);
    DatabaseAddress address = DatabaseAddress.of(settings, folder);
    try (HikariDataSource others = ConnectionPools.open(settings, address)) {
      // Not closed by us: the database ends it.
      insertWithoutCommit(others.getConnection());

      retry(() -> stores.messages().append(run("room:1", 1, 3)));

      assertThat(await(stores.messages().after("room:1", 0, 10))).isEqualTo(run("room:1", 1, 3));
    } finally {
      await(stores.close());
    }
  }

  private static void insertWithoutCommit(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO messages (conversation, seq, id, accepted_at, sender_id, sender_name,"
              + " recipient_id, recipient_name, text_utf8, v1_room_id)"
              + " VALUES ('room:1', 2, 7, 7, 7, '', 0, '', '', 0)");
    }
  }
}
