package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.retry;
import static chat.parley.stores.jdbc.Messages.run;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.DeviceCursor;
import chat.parley.settings.SettingsReader;
import chat.parley.stores.DatabaseSettings;
import com.zaxxer.hikari.HikariDataSource;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
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

  @Test
  void deviceThatAStoppedClientHasLockedIsSavedInH2() throws SQLException {
    JsonObject config =
        new JsonObject()
            .put("data", folder.toString())
            .put("database", new JsonObject().put("deadline", "3s"));
    JdbcStores stores = await(JdbcStores.open(vertx, config));
    long user = await(stores.accounts().create("ada", "h")).userId();
    long device = await(stores.devices().create(user, "laptop", 1)).deviceId();
    DatabaseSettings settings = SettingsReader.section(config, "database", DatabaseSettings.class);
    try (HikariDataSource others =
        ConnectionPools.open(settings, DatabaseAddress.of(settings, folder))) {
      executeWithoutCommit(connectionOf(others), "UPDATE devices SET seen_at = seen_at + 1");

      DeviceCursor cursor =
          DeviceCursor.newBuilder()
              .setDeviceId(device)
              .setConversation("direct:1:2")
              .setSeq(3)
              .build();
      retry(() -> stores.cursors().save(List.of(cursor)));

      assertThat(await(stores.cursors().of(device))).isEqualTo(Map.of("direct:1:2", 3L));
    } finally {
      await(stores.close());
    }
  }

  private void assertOthersMayWrite(JsonObject config) throws SQLException {
    JdbcStores stores = await(JdbcStores.open(vertx, config));
    DatabaseSettings settings = SettingsReader.section(config, "database", DatabaseSettings.class);
    DatabaseAddress address = DatabaseAddress.of(settings, folder);
    try (HikariDataSource others = ConnectionPools.open(settings, address)) {
      // Not closed by us: the database ends it.
      insertWithoutCommit(connectionOf(others));

      retry(() -> stores.messages().append(run("room:1", 1, 3)));

      assertThat(await(stores.messages().after("room:1", 0, 10))).isEqualTo(run("room:1", 1, 3));
    } finally {
      await(stores.close());
    }
  }

  /** On a busy machine the first one may take longer than a pool waits for it. */
  private static Connection connectionOf(HikariDataSource pool) {
    return Takeover.await(
        () -> {
          try {
            return pool.getConnection();
          } catch (SQLException e) {
            throw SqlErrors.of(e);
          }
        });
  }

  private static void insertWithoutCommit(Connection connection) throws SQLException {
    executeWithoutCommit(
        connection,
        "INSERT INTO messages (conversation, seq, id, accepted_at, sender_id, sender_name,"
            + " recipient_id, recipient_name, text_utf8, v1_room_id)"
            + " VALUES ('room:1', 2, 7, 7, 7, '', 0, '', '', 0)");
  }

  private static void executeWithoutCommit(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
