package chat.parley.stores.jdbc;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.DeviceCursor;
import chat.parley.stores.CursorStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Cursors in table {@code device_cursors}.
 *
 * <p>Whoever makes or moves one holds the lock of the device's row, and takes the locks in the
 * order of the ids: no two savers wait for each other, none makes a cursor while the device is
 * removed, and what an UPDATE did not find is still not there at the INSERT.
 */
final class JdbcCursorStore implements CursorStore {
  /** Devices whose rows one statement locks. */
  private static final int LOCK_CHUNK = 200;

  /** Devices whose cursors one statement reads. */
  private static final int READ_CHUNK = 256;

  private static final String OF =
      "SELECT device_id, conversation, seq FROM device_cursors WHERE device_id IN (%s)";
  private static final String ONE =
      "SELECT seq FROM device_cursors WHERE device_id = ? AND conversation = ?";
  private static final String LOCK =
      "SELECT id FROM devices WHERE id IN (%s) ORDER BY id FOR UPDATE";
  private static final String MOVE =
      "UPDATE device_cursors SET seq = ? WHERE device_id = ? AND conversation = ? AND seq < ?";
  private static final String INSERT =
      "INSERT INTO device_cursors (device_id, conversation, seq) VALUES (?, ?, ?)"
          + " ON CONFLICT DO NOTHING";
  private static final String END =
      "DELETE FROM device_cursors WHERE device_id = ? AND conversation = ?";

  private final Database database;

  JdbcCursorStore(Database database) {
    this.database = database;
  }

  @Override
  public Future<Map<Long, Map<String, Long>>> of(Collection<Long> deviceIds) {
    return ofFrom(0, deviceIds.stream().distinct().toList(), new HashMap<>());
  }

  private Future<Map<Long, Map<String, Long>>> ofFrom(
      int from, List<Long> all, Map<Long, Map<String, Long>> found) {
    if (from >= all.size()) {
      return Future.succeededFuture(found);
    }
    int to = Math.min(all.size(), from + READ_CHUNK);
    IdList ids = IdList.of(all.subList(from, to));
    return database
        .execute(OF.formatted(ids.placeholders()), ids.parameters())
        .compose(
            rows -> {
              rows.forEach(
                  row ->
                      found
                          .computeIfAbsent(row.getLong(0), id -> new HashMap<>())
                          .put(row.getString(1), row.getLong(2)));
              return ofFrom(to, all, found);
            });
  }

  @Override
  public Future<Long> begin(long deviceId, String conversation, long seq) {
    return database.inTransaction(
        connection ->
            lock(connection, List.of(deviceId))
                .compose(
                    there ->
                        there.isEmpty()
                            ? Future.failedFuture(gone())
                            : connection
                                .preparedQuery(INSERT)
                                .execute(Tuple.of(deviceId, conversation, seq)))
                .compose(
                    done -> connection.preparedQuery(ONE).execute(Tuple.of(deviceId, conversation)))
                .map(rows -> rows.iterator().next().getLong(0)));
  }

  private static ChatError gone() {
    return new ChatError(ErrorCode.UNAUTHENTICATED, "this device was removed, please log in");
  }

  @Override
  public Future<Void> save(Collection<DeviceCursor> cursors) {
    if (cursors.isEmpty()) {
      return Future.succeededFuture();
    }
    SortedMap<Key, Long> furthest = new TreeMap<>();
    for (DeviceCursor cursor : cursors) {
      Key key = new Key(cursor.getDeviceId(), cursor.getConversation());
      furthest.merge(key, cursor.getSeq(), Math::max);
    }
    List<Long> devices = furthest.keySet().stream().map(Key::deviceId).distinct().toList();
    return database.inTransaction(
        connection ->
            lock(connection, devices).compose(there -> save(connection, there, furthest)));
  }

  private static Future<Void> save(
      SqlConnection connection, Set<Long> devices, SortedMap<Key, Long> furthest) {
    List<Key> keys = new ArrayList<>(furthest.size());
    List<Tuple> moves = new ArrayList<>(furthest.size());
    furthest.forEach(
        (key, seq) -> {
          if (devices.contains(key.deviceId())) {
            keys.add(key);
            moves.add(Tuple.of(seq, key.deviceId(), key.conversation(), seq));
          }
        });
    if (moves.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery(MOVE)
        .executeBatch(moves)
        .map(counts -> insertsOf(keys, counts, furthest))
        .compose(
            inserts ->
                inserts.isEmpty()
                    ? Future.succeededFuture()
                    : connection.preparedQuery(INSERT).executeBatch(inserts).mapEmpty());
  }

  /** Of what was not moved: a direct conversation's cursor may not be there yet. */
  private static List<Tuple> insertsOf(
      List<Key> keys, RowSet<Row> counts, SortedMap<Key, Long> furthest) {
    List<Tuple> inserts = new ArrayList<>();
    int i = 0;
    for (Row count : counts) {
      Key key = keys.get(i++);
      if (count.getInteger(0) == 0 && Conversations.isDirect(key.conversation())) {
        inserts.add(Tuple.of(key.deviceId(), key.conversation(), furthest.get(key)));
      }
    }
    return inserts;
  }

  @Override
  public Future<Void> end(long deviceId, String conversation) {
    return database.execute(END, Tuple.of(deviceId, conversation)).mapEmpty();
  }

  /**
   * @param devices ascending
   * @return those that are there, and stay until the transaction ends
   */
  private static Future<Set<Long>> lock(SqlConnection connection, List<Long> devices) {
    return lockFrom(0, connection, devices, new HashSet<>());
  }

  private static Future<Set<Long>> lockFrom(
      int from, SqlConnection connection, List<Long> all, Set<Long> there) {
    if (from >= all.size()) {
      return Future.succeededFuture(there);
    }
    List<Long> chunk = all.subList(from, Math.min(all.size(), from + LOCK_CHUNK));
    return connection
        .preparedQuery(LOCK.formatted(Database.placeholders(chunk.size())))
        .execute(Tuple.wrap(new ArrayList<Object>(chunk)))
        .compose(
            rows -> {
              rows.forEach(row -> there.add(row.getLong(0)));
              return lockFrom(from + chunk.size(), connection, all, there);
            });
  }

  private record Key(long deviceId, String conversation) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparingLong(Key::deviceId).thenComparing(Key::conversation);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }
}
