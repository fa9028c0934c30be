package chat.parley.stores.jdbc;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.stores.Account;
import chat.parley.stores.AccountStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;

/** Accounts in table {@code users}, whose unique key over the name decides every race. */
final class JdbcAccountStore implements AccountStore {
  private static final int MAX_NAME_LENGTH = 255;

  private static final String INSERT =
      "INSERT INTO users (user_name, password_hash, created_at) VALUES (?, ?, ?)";
  private static final String SELECT = "SELECT id, user_name, password_hash FROM users ";
  private static final String BY_NAME = SELECT + "WHERE user_name = ?";
  private static final String BY_ID = SELECT + "WHERE id = ?";

  private final Database database;
  private final Clock clock;

  JdbcAccountStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Future<Account> create(String userName, String passwordHash) {
    if (!storable(userName)) {
      return Future.failedFuture(
          new ChatError(
              ErrorCode.BAD_REQUEST,
              "userName must be 1 to " + MAX_NAME_LENGTH + " characters of valid Unicode"));
    }
    // The id is read back by the name: answering generated keys differs between the databases.
    // Synced, because sessions in Redis name the id: after a power cut it must not be given again.
    return database.inSyncedTransaction(
        connection ->
            connection
                .preparedQuery(INSERT)
                .execute(Tuple.of(userName, passwordHash, clock.millis()))
                .compose(done -> connection.preparedQuery(BY_NAME).execute(Tuple.of(userName)))
                .map(rows -> accountOf(rows.iterator().next())));
  }

  @Override
  public Future<Optional<Account>> byName(String userName) {
    if (!storable(userName)) {
      return Future.succeededFuture(Optional.empty());
    }
    return database.execute(BY_NAME, Tuple.of(userName)).map(JdbcAccountStore::firstOf);
  }

  @Override
  public Future<Optional<Account>> byId(long userId) {
    return database.execute(BY_ID, Tuple.of(userId)).map(JdbcAccountStore::firstOf);
  }

  /** PostgreSQL refuses U+0000, and half a surrogate pair has no UTF-8. */
  private static boolean storable(String userName) {
    return !userName.isEmpty()
        && userName.length() <= MAX_NAME_LENGTH
        && userName.indexOf('\0') < 0
        && StandardCharsets.UTF_8.newEncoder().canEncode(userName);
  }

  private static Optional<Account> firstOf(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(accountOf(rows.iterator().next()));
  }

  private static Account accountOf(Row row) {
    return new Account(row.getLong(0), row.getString(1), row.getString(2));
  }
}
