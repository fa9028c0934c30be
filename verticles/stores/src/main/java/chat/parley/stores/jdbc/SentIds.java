package chat.parley.stores.jdbc;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Client message ids of stored messages, in two places: table {@code sent_id_log} has those of the
 * last minutes, a row for each transaction; {@code sent_ids} the others, by their hash. A row of
 * the log moves as a whole, in one transaction. An entry of the log is its id's hash (32 bytes),
 * then seq, id and time of acceptance (8 bytes each, the high ones first).
 */
final class SentIds {
  private static final int HASH_BYTES = 32;
  private static final int ENTRY_BYTES = HASH_BYTES + 3 * Long.BYTES;

  /** H2 takes a megabyte in one value. */
  private static final int MAX_ENTRIES = 10_000;

  /** What one transaction moves: far within the deadline, and short beside those of messages. */
  private static final int MOST_MOVED = 10_000;

  private static final int MOST_ROWS_MOVED = 2_000;
  private static final int ROWS_READ_AT_ONCE = 16;

  private static final String LOG =
      "INSERT INTO sent_id_log (oldest, entries, ids) VALUES (?, ?, ?)";
  private static final String LOGGED_BEFORE =
      "SELECT oldest, id, entries FROM sent_id_log WHERE oldest <= ? ORDER BY oldest, id";
  private static final String LOGGED = "SELECT ids FROM sent_id_log WHERE id = ?";
  private static final String REMOVE_LOGGED = "DELETE FROM sent_id_log WHERE id = ?";
  private static final String MOVE =
      "INSERT INTO sent_ids (id_hash, seq, id, accepted_at) VALUES (?, ?, ?, ?)"
          + " ON CONFLICT DO NOTHING";
  private static final String BY_HASH =
      "SELECT seq, id, accepted_at FROM sent_ids WHERE id_hash = ? AND accepted_at > ?"
          + " ORDER BY seq LIMIT 1";
  private static final String FORGET = "DELETE FROM sent_ids WHERE accepted_at <= ?";

  /**
   * H2 has no index over the time, and no time to read the whole table in one statement: portions
   * lie in the order in which they were moved.
   */
  private static final String FORGET_FIRST =
      FORGET
          + " AND _ROWID_ < "
          + MOST_ROWS_MOVED
          + " + (SELECT _ROWID_ FROM sent_ids ORDER BY _ROWID_ LIMIT 1)";

  private final Database database;
  private final boolean h2;

  SentIds(Database database, boolean h2) {
    this.database = database;
    this.h2 = h2;
  }

  private record Entry(byte[] hash, long seq, long id, long acceptedAt) {}

  /** In the transaction that stores the messages: what they have of ids. */
  static void insert(Connection connection, List<ChatMessage> batch) throws SQLException {
    List<ChatMessage> named =
        batch.stream().filter(message -> !message.getClientMessageId().isEmpty()).toList();
    for (int from = 0; from < named.size(); from += MAX_ENTRIES) {
      log(connection, named.subList(from, Math.min(named.size(), from + MAX_ENTRIES)));
    }
  }

  private static void log(Connection connection, List<ChatMessage> messages) throws SQLException {
    ByteBuffer ids = ByteBuffer.allocate(messages.size() * ENTRY_BYTES);
    long oldest = Long.MAX_VALUE;
    for (ChatMessage m : messages) {
      ids.put(MessageRows.idHash(m.getConversation(), m.getSenderId(), m.getClientMessageId()));
      ids.putLong(m.getSeq()).putLong(m.getId()).putLong(m.getAcceptedAt());
      oldest = Math.min(oldest, m.getAcceptedAt());
    }
    try (PreparedStatement row = connection.prepareStatement(LOG)) {
      row.setLong(1, oldest);
      row.setInt(2, messages.size());
      row.setBytes(3, ids.array());
      row.executeUpdate();
    }
  }

  /**
   * The first ack of an id.
   *
   * @param after what was accepted at this time or before is forgotten
   * @param upTo what was accepted later may be passed over, if it is still in the log
   */
  Future<Optional<SendAck>> find(
      String conversation, long senderId, String clientMessageId, long after, long upTo) {
    byte[] hash = MessageRows.idHash(conversation, senderId, clientMessageId);
    // The log first: what has left it by then is in the other table. The other way round an id
    // could move between the two looks.
    return loggedBefore(upTo, Integer.MAX_VALUE)
        .compose(rows -> inLog(rows, hash, after, Optional.empty()))
        .compose(
            logged ->
                database
                    .execute(BY_HASH, Tuple.of(hash, after))
                    .map(rows -> first(logged, moved(rows, hash))))
        .map(found -> found.map(entry -> ackOf(conversation, entry)));
  }

  private Future<Optional<Entry>> inLog(
      List<Long> rows, byte[] hash, long after, Optional<Entry> found) {
    if (rows.isEmpty()) {
      return Future.succeededFuture(found);
    }
    int n = Math.min(rows.size(), ROWS_READ_AT_ONCE);
    return database
        .read(connection -> entries(connection, rows.subList(0, n)))
        .compose(
            entries ->
                inLog(
                    rows.subList(n, rows.size()),
                    hash,
                    after,
                    first(
                        found,
                        entries.stream()
                            .filter(e -> e.acceptedAt > after && Arrays.equals(e.hash, hash))
                            .min(Comparator.comparingLong(Entry::seq)))));
  }

  private static Optional<Entry> moved(RowSet<Row> rows, byte[] hash) {
    if (rows.size() == 0) {
      return Optional.empty();
    }
    Row row = rows.iterator().next();
    return Optional.of(new Entry(hash, row.getLong(0), row.getLong(1), row.getLong(2)));
  }

  private static Optional<Entry> first(Optional<Entry> one, Optional<Entry> other) {
    return one.isEmpty() || other.isPresent() && other.get().seq < one.get().seq ? other : one;
  }

  private static SendAck ackOf(String conversation, Entry entry) {
    return SendAck.newBuilder()
        .setConversation(conversation)
        .setSeq(entry.seq)
        .setId(entry.id)
        .setAcceptedAt(entry.acceptedAt)
        .setRepeated(true)
        .build();
  }

  /**
   * Moves some of what was accepted up to a time out of the log. Repeats without harm.
   *
   * @param after what was accepted at this time or before is not kept
   * @return whether there may be more
   */
  Future<Boolean> moveUpTo(long upTo, long after) {
    return loggedBefore(upTo, MOST_MOVED)
        .compose(
            rows ->
                rows.isEmpty()
                    ? Future.succeededFuture(false)
                    : database
                        .write(connection -> move(connection, rows, after))
                        .map(moved -> true));
  }

  private static Void move(Connection connection, List<Long> rows, long after) throws SQLException {
    List<Entry> entries = entries(connection, rows);
    entries.removeIf(entry -> entry.acceptedAt <= after);
    entries.sort((a, b) -> Arrays.compareUnsigned(a.hash, b.hash));
    try (PreparedStatement insert = connection.prepareStatement(MOVE);
        PreparedStatement remove = connection.prepareStatement(REMOVE_LOGGED)) {
      for (Entry entry : entries) {
        insert.setBytes(1, entry.hash);
        insert.setLong(2, entry.seq);
        insert.setLong(3, entry.id);
        insert.setLong(4, entry.acceptedAt);
        insert.addBatch();
      }
      insert.executeBatch();
      for (long row : rows) {
        remove.setLong(1, row);
        remove.addBatch();
      }
      remove.executeBatch();
    }
    return null;
  }

  /** Rows of the log that hold something of that age, with so many entries, one row at least. */
  private Future<List<Long>> loggedBefore(long upTo, int most) {
    String sql =
        most == Integer.MAX_VALUE ? LOGGED_BEFORE : LOGGED_BEFORE + " LIMIT " + MOST_ROWS_MOVED;
    return database
        .execute(sql, Tuple.of(upTo))
        .map(
            found -> {
              List<Long> rows = new ArrayList<>(found.size());
              long entries = 0;
              for (Row row : found) {
                entries += row.getInteger(2);
                if (entries > most && !rows.isEmpty()) {
                  break;
                }
                rows.add(row.getLong(1));
              }
              return rows;
            });
  }

  private static List<Entry> entries(Connection connection, List<Long> rows) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(LOGGED)) {
      for (long row : rows) {
        select.setLong(1, row);
        try (ResultSet found = select.executeQuery()) {
          if (found.next()) {
            read(found.getBytes(1), entries);
          }
        }
      }
    }
    return entries;
  }

  private static void read(byte[] ids, List<Entry> entries) {
    ByteBuffer in = ByteBuffer.wrap(ids);
    while (in.remaining() >= ENTRY_BYTES) {
      byte[] hash = new byte[HASH_BYTES];
      in.get(hash);
      entries.add(new Entry(hash, in.getLong(), in.getLong(), in.getLong()));
    }
  }

  /**
   * Removes what was accepted at this time or before. What is in the log goes when it moves; what
   * shares its portion with younger ones may stay until those are as old.
   */
  Future<Void> forgetUpTo(long time) {
    return h2 ? forgetFirst(time) : database.execute(FORGET, Tuple.of(time)).mapEmpty();
  }

  private Future<Void> forgetFirst(long time) {
    return database
        .execute(FORGET_FIRST, Tuple.of(time))
        .compose(gone -> gone.rowCount() == 0 ? Future.succeededFuture() : forgetFirst(time));
  }
}
