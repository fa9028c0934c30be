package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import chat.parley.stores.DatabaseSettings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused at the start, and what a start may find. */
class JdbcStoresTest {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private void assertRefused(JsonObject config, String... words) {
    assertThatThrownBy(() -> await(JdbcStores.open(vertx, config)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WRITE_DELAY=500", "WRITE_DELAY=-1", "MODE=MySQL"})
  void addressThatWouldLoseOrBreakMessagesIsRefused(String option) {
    assertRefused(
        PostgresServer.settings("jdbc:h2:file:" + folder + "/x;" + option), "database.url", option);
  }

  @Test
  void configuredH2AddressGetsWhatItNeeds() {
    JsonObject config = PostgresServer.settings("jdbc:h2:file:" + folder + "/own/db");
    JdbcStores stores = await(JdbcStores.open(vertx, config));
    await(stores.messages().append(Messages.run("room:1", 1, 5)));
    await(stores.close());
    assertThat(folder.resolve("own/db.mv.db")).exists();
    assertThat(System.getProperty("h2.bindAddress")).isEqualTo("127.0.0.1");
  }

  @Test
  void postgresThatWouldLoseAcknowledgedMessagesIsRefused() {
    JsonObject config = PostgresServer.newDatabase();
    String url = config.getJsonObject("database").getString("url");
    config.getJsonObject("database").put("url", url + "&options=-c%20synchronous_commit=off");
    assertRefused(config, "PostgreSQL", "synchronous_commit is off");
  }

  @Test
  void databaseThatIsAwayAtTheStartIsSaidInOneSentence() {
    assertRefused(
        PostgresServer.settings("jdbc:postgresql://127.0.0.1:1/none?user=nobody"),
        "the database cannot be used");
  }

  @Test
  void migratingAgainAndOpeningAfterwardsIsFine() {
    DatabaseSettings settings = new DatabaseSettings(null, null, null, 0, null);
    JdbcStores.migrate(settings, folder);
    JdbcStores.migrate(settings, folder);

    JdbcStores first = await(JdbcStores.open(vertx, StoresFixture.h2In(folder)));
    JdbcStores second = await(JdbcStores.open(vertx, StoresFixture.h2In(folder)));
    await(first.messages().append(Messages.run("room:1", 1, 5)));
    assertThat(await(second.messages().after("room:1", 0, 10))).hasSize(5);
    await(first.close());
    assertThat(await(second.messages().after("room:1", 0, 10))).hasSize(5);
    await(second.close());
  }

  @Test
  void databaseOfTheFirstVersionFindsItsDirectConversationsInH2() throws Exception {
    assertFindsWhatTheFirstVersionStored(StoresFixture.h2In(folder));
  }

  @Test
  void databaseOfTheFirstVersionFindsItsDirectConversationsInPostgres() throws Exception {
    assertFindsWhatTheFirstVersionStored(PostgresServer.newDatabase());
  }

  private void assertFindsWhatTheFirstVersionStored(JsonObject config) throws Exception {
    DatabaseSettings settings = SettingsReader.section(config, "database", DatabaseSettings.class);
    DatabaseAddress address = DatabaseAddress.of(settings, folder);
    Files.createDirectories(folder.resolve("db"));
    Migrations.of(settings, address).target("2?").load().migrate();
    try (Connection connection = DriverManager.getConnection(address.url());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO messages (%s) VALUES".formatted(MessageRows.COLUMNS)
              + " ('direct:3:9', 1, 7, 7, 3, '', 9, '', '', 0),"
              + " ('direct:3:9', 2, 8, 8, 9, '', 3, '', '', 0),"
              + " ('room:1', 1, 9, 9, 3, '', 0, '', '', 0)");
    }

    JdbcStores stores = await(JdbcStores.open(vertx, config));
    assertThat(await(stores.conversations().directOf(List.of(0L, 3L, 9L))))
        .isEqualTo(Map.of(3L, Map.of("direct:3:9", 2L), 9L, Map.of("direct:3:9", 2L)));
    await(stores.close());
  }
}
