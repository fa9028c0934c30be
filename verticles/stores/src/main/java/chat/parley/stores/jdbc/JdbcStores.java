package chat.parley.stores.jdbc;

import chat.parley.settings.SettingsReader;
import chat.parley.stores.AccountStore;
import chat.parley.stores.ConversationStore;
import chat.parley.stores.CursorStore;
import chat.parley.stores.DatabaseSettings;
import chat.parley.stores.DeviceStore;
import chat.parley.stores.MessageStore;
import com.zaxxer.hikari.HikariDataSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;

/**
 * The stores in a database, with a pool of connections of their own. Open them inside the verticle
 * that uses them, and close them at the end of its {@code stop()}.
 */
public final class JdbcStores {
  private final Database database;
  private final AccountStore accounts;
  private final MessageStore messages;
  private final DeviceStore devices;
  private final CursorStore cursors;
  private final ConversationStore conversations;

  private JdbcStores(Database database, boolean h2, Clock clock) {
    this.database = database;
    this.accounts = new JdbcAccountStore(database, clock);
    this.messages = new JdbcMessageStore(database, h2, clock);
    this.devices = new JdbcDeviceStore(database, clock);
    this.cursors = new JdbcCursorStore(database);
    this.conversations = new JdbcConversationStore(database);
  }

  /**
   * Opens the database of section {@code database}; without an address an H2 file under the folder
   * that the top-level setting {@code data} names. Migrates it first if nobody has.
   *
   * <p>Fails with a {@link chat.parley.settings.SettingsException} when the settings are wrong, the
   * database is away, or it is set to lose what it acknowledged; with {@code UNAVAILABLE} when it
   * is there and gives no connection for a minute.
   *
   * @param config the whole settings tree
   */
  public static Future<JdbcStores> open(Vertx vertx, JsonObject config) {
    return open(vertx, config, Clock.systemUTC());
  }

  static Future<JdbcStores> open(Vertx vertx, JsonObject config, Clock clock) {
    DatabaseSettings settings;
    DatabaseAddress address;
    try {
      settings = SettingsReader.section(config, "database", DatabaseSettings.class);
      address = DatabaseAddress.of(settings, Path.of(config.getString("data", "data")));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
    return vertx
        .executeBlocking(() -> connect(settings, address), false)
        .map(
            connections ->
                new JdbcStores(
                    new Database(vertx, connections, address.h2(), settings), address.h2(), clock));
  }

  private static HikariDataSource connect(DatabaseSettings settings, DatabaseAddress address) {
    Migrations.run(settings, address);
    HikariDataSource connections = ConnectionPools.open(settings, address);
    try {
      return Takeover.await(() -> checked(connections, address));
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  private static HikariDataSource checked(HikariDataSource connections, DatabaseAddress address) {
    try (Connection connection = connections.getConnection()) {
      DurabilityCheck.run(connection, address.h2());
      return connections;
    } catch (SQLException e) {
      throw SqlErrors.atOpening(e);
    }
  }

  /**
   * Brings the database to the schema of this version; cheap when it is already. Blocking: called
   * before deployment. Several processes may do it at the same moment.
   *
   * @param dataDir where the H2 file is when no address is configured
   * @throws chat.parley.settings.SettingsException when the database is away or refuses
   */
  public static void migrate(DatabaseSettings settings, Path dataDir) {
    Migrations.run(settings, DatabaseAddress.of(settings, dataDir));
  }

  public AccountStore accounts() {
    return accounts;
  }

  public MessageStore messages() {
    return messages;
  }

  public DeviceStore devices() {
    return devices;
  }

  public CursorStore cursors() {
    return cursors;
  }

  public ConversationStore conversations() {
    return conversations;
  }

  /** Gives every connection back. What is asked afterwards fails with {@code SHUTTING_DOWN}. */
  public Future<Void> close() {
    return database.close();
  }
}
