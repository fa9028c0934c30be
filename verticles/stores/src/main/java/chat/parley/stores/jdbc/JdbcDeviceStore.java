package chat.parley.stores.jdbc;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.stores.DeviceStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Devices in table {@code devices}. Any name is kept as it is.
 *
 * <p>Devices of one user are made one after the other, under the lock of the user's row: so many
 * requests at the same moment do not make more devices than the user may have.
 */
final class JdbcDeviceStore implements DeviceStore {
  /** Devices in one statement. */
  private static final int SEEN_CHUNK = 256;

  private static final String COLUMNS = "id, user_id, name_utf8, created_at, seen_at";

  private static final String LOCK_USER = "SELECT id FROM users WHERE id = ? FOR UPDATE";
  private static final String COUNT = "SELECT COUNT(*) FROM devices WHERE user_id = ?";
  private static final String INSERT =
      "INSERT INTO devices (user_id, name_utf8, created_at, seen_at) VALUES (?, ?, ?, ?)";
  private static final String NEWEST =
      "SELECT %s FROM devices WHERE user_id = ? ORDER BY user_id DESC, id DESC LIMIT 1"
          .formatted(COLUMNS);
  private static final String FIND =
      "SELECT %s FROM devices WHERE id = ? AND user_id = ?".formatted(COLUMNS);
  private static final String LIST =
      "SELECT %s FROM devices WHERE user_id = ? ORDER BY user_id, id".formatted(COLUMNS);
  private static final String RENAME =
      "UPDATE devices SET name_utf8 = ? WHERE id = ? AND user_id = ?";
  private static final String SEEN =
      "UPDATE devices SET seen_at = ? WHERE id IN (%s) AND seen_at < ?";
  private static final String USERS_OF =
      "SELECT id, user_id FROM devices WHERE id IN (%s) ORDER BY id FOR UPDATE";
  private static final String REMOVE = "DELETE FROM devices WHERE id = ? AND user_id = ?";
  private static final String REMOVE_CURSORS = "DELETE FROM device_cursors WHERE device_id = ?";

  private final Database database;
  private final Clock clock;

  JdbcDeviceStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Future<Device> create(long userId, String name, int most) {
    // Synced, because a session in Redis will name the id: it must not be given a second time.
    return database.inSyncedTransaction(
        connection ->
            connection
                .preparedQuery(LOCK_USER)
                .execute(Tuple.of(userId))
                .compose(user -> countFor(connection, userId, user.size() == 1))
                .compose(
                    count ->
                        count < most
                            ? insert(connection, userId, name)
                            : Future.failedFuture(tooMany(most))));
  }

  private static Future<Long> countFor(SqlConnection connection, long userId, boolean userIsThere) {
    if (!userIsThere) {
      return Future.failedFuture(new ChatError(ErrorCode.NOT_FOUND, "there is no user " + userId));
    }
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(userId))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /**
   * The id is read back as the user's highest: nobody else makes one of this user's meanwhile, and
   * answering generated keys differs between the databases.
   */
  private Future<Device> insert(SqlConnection connection, long userId, String name) {
    long now = clock.millis();
    return connection
        .preparedQuery(INSERT)
        .execute(Tuple.of(userId, utf8(name), now, now))
        .compose(done -> connection.preparedQuery(NEWEST).execute(Tuple.of(userId)))
        .map(rows -> deviceOf(rows.iterator().next()));
  }

  private static ChatError tooMany(int most) {
    return new ChatError(
        ErrorCode.FORBIDDEN, "a user may have at most " + most + " devices, please remove one");
  }

  @Override
  public Future<Optional<Device>> find(long userId, long deviceId) {
    return database.execute(FIND, Tuple.of(deviceId, userId)).map(JdbcDeviceStore::firstOf);
  }

  @Override
  public Future<List<Device>> list(long userId) {
    return database
        .execute(LIST, Tuple.of(userId))
        .map(
            rows -> {
              List<Device> devices = new ArrayList<>(rows.size());
              rows.forEach(row -> devices.add(deviceOf(row)));
              return devices;
            });
  }

  @Override
  public Future<Optional<Device>> rename(long userId, long deviceId, String name) {
    return database.inSyncedTransaction(
        connection ->
            connection
                .preparedQuery(RENAME)
                .execute(Tuple.of(utf8(name), deviceId, userId))
                .compose(done -> connection.preparedQuery(FIND).execute(Tuple.of(deviceId, userId)))
                .map(JdbcDeviceStore::firstOf));
  }

  @Override
  public Future<Map<Long, Long>> seen(Collection<Long> deviceIds) {
    return seenFrom(0, deviceIds.stream().distinct().sorted().toList(), new HashMap<>());
  }

  private Future<Map<Long, Long>> seenFrom(int from, List<Long> all, Map<Long, Long> users) {
    if (from >= all.size()) {
      return Future.succeededFuture(users);
    }
    int to = Math.min(all.size(), from + SEEN_CHUNK);
    IdList ids = IdList.of(all.subList(from, to));
    long now = clock.millis();
    return database
        .inTransaction(
            connection ->
                // In the order of the ids, as everybody takes these locks.
                connection
                    .preparedQuery(USERS_OF.formatted(ids.placeholders()))
                    .execute(ids.parameters())
                    .onSuccess(rows -> rows.forEach(r -> users.put(r.getLong(0), r.getLong(1))))
                    .compose(
                        rows ->
                            connection
                                .preparedQuery(SEEN.formatted(ids.placeholders()))
                                .execute(ids.parametersBetween(now, now))))
        .compose(done -> seenFrom(to, all, users));
  }

  /** Who saves a cursor waits for this transaction, and then finds no device. */
  @Override
  public Future<Boolean> remove(long userId, long deviceId) {
    return database.inSyncedTransaction(
        connection ->
            connection
                .preparedQuery(REMOVE)
                .execute(Tuple.of(deviceId, userId))
                .compose(
                    removed ->
                        removed.rowCount() == 0
                            ? Future.succeededFuture(false)
                            : connection
                                .preparedQuery(REMOVE_CURSORS)
                                .execute(Tuple.of(deviceId))
                                .map(true)));
  }

  private static Optional<Device> firstOf(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(deviceOf(rows.iterator().next()));
  }

  private static Device deviceOf(Row row) {
    String name = row.getBuffer(2).toString(StandardCharsets.UTF_8);
    return new Device(row.getLong(0), row.getLong(1), name, row.getLong(3), row.getLong(4));
  }

  private static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
