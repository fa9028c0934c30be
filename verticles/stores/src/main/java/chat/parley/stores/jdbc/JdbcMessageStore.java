package chat.parley.stores.jdbc;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import chat.parley.stores.MessageStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Messages in table {@code messages}, client message ids in {@code sent_ids}. Every write repeats
 * without harm: the keys are (conversation, seq) and (hash of the id, seq), and what is there
 * stays. A direct conversation is entered for both of its users in {@code user_conversations}.
 */
final class JdbcMessageStore implements MessageStore {
  private static final Duration REMEMBERED = Duration.ofHours(24);

  /** Conversations in one statement, and rows removed in one: each far within the deadline. */
  private static final int HEADS_CHUNK = 200;

  private static final int REMOVE_CHUNK = 2_000;

  private static final String INSERT_MESSAGE =
      "INSERT INTO messages (%s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
          .formatted(MessageRows.COLUMNS);
  private static final String INSERT_SENT_ID =
      "INSERT INTO sent_ids (id_hash, seq, id, accepted_at) VALUES (?, ?, ?, ?)"
          + " ON CONFLICT DO NOTHING";
  private static final String INSERT_USER_CONVERSATION =
      "INSERT INTO user_conversations (user_id, conversation) VALUES (?, ?)"
          + " ON CONFLICT DO NOTHING";
  private static final String AFTER =
      "SELECT %s FROM messages WHERE conversation = ? AND seq > ? ORDER BY conversation, seq LIMIT ?"
          .formatted(MessageRows.COLUMNS);
  private static final String BEFORE =
      """
      SELECT %s FROM messages WHERE conversation = ? AND seq < ?
      ORDER BY conversation DESC, seq DESC LIMIT ?"""
          .formatted(MessageRows.COLUMNS);
  private static final String HEAD =
      "(SELECT conversation, seq FROM messages WHERE conversation = ?"
          + " ORDER BY conversation DESC, seq DESC LIMIT 1)";
  private static final String BY_ID_HASH =
      "SELECT seq, id, accepted_at FROM sent_ids WHERE id_hash = ? AND accepted_at > ?"
          + " ORDER BY seq LIMIT 1";
  private static final String REMOVE =
      "DELETE FROM messages WHERE conversation = ? AND seq <= ? AND seq < "
          + REMOVE_CHUNK
          + " + (SELECT seq FROM messages WHERE conversation = ? ORDER BY conversation, seq LIMIT 1)";
  private static final String FORGET = "DELETE FROM sent_ids WHERE accepted_at <= ?";

  private final Database database;
  private final boolean h2;
  private final Clock clock;
  private final EnteredConversations entered = new EnteredConversations();

  JdbcMessageStore(Database database, boolean h2, Clock clock) {
    this.database = database;
    this.h2 = h2;
    this.clock = clock;
  }

  @Override
  public Future<Void> append(List<ChatMessage> batch) {
    if (batch.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Tuple> messages = batch.stream().map(MessageRows::messageRow).toList();
    List<Tuple> sentIds =
        batch.stream()
            .filter(message -> !message.getClientMessageId().isEmpty())
            .map(MessageRows::sentIdRow)
            .toList();
    SortedMap<String, Set<Long>> toEnter = entered.missingIn(batch);
    return write(messages, sentIds, EnteredConversations.rowsOf(toEnter))
        .onSuccess(committed -> entered.remember(toEnter.keySet()));
  }

  private Future<Void> write(List<Tuple> messages, List<Tuple> sentIds, List<Tuple> toEnter) {
    if (sentIds.isEmpty() && toEnter.isEmpty()) {
      return database.executeBatch(INSERT_MESSAGE, messages);
    }
    return database.inTransaction(
        connection ->
            insert(connection, INSERT_MESSAGE, messages)
                .compose(done -> insert(connection, INSERT_SENT_ID, sentIds))
                .compose(done -> insert(connection, INSERT_USER_CONVERSATION, toEnter)));
  }

  private static Future<Void> insert(SqlConnection connection, String sql, List<Tuple> rows) {
    return rows.isEmpty()
        ? Future.succeededFuture()
        : connection.preparedQuery(sql).executeBatch(rows).mapEmpty();
  }

  /**
   * PostgreSQL: nothing to do, its commit is answered when the log is on disk (checked at start).
   */
  @Override
  public Future<Void> sync() {
    return h2 ? database.execute("CHECKPOINT SYNC") : Future.succeededFuture();
  }

  @Override
  public Future<List<ChatMessage>> after(String conversation, long seq, int limit) {
    return database.execute(AFTER, Tuple.of(conversation, seq, limit)).map(MessageRows::messagesOf);
  }

  @Override
  public Future<List<ChatMessage>> before(String conversation, long seq, int limit) {
    long below = seq == 0 ? Long.MAX_VALUE : seq;
    return database
        .execute(BEFORE, Tuple.of(conversation, below, limit))
        .map(MessageRows::messagesOf);
  }

  @Override
  public Future<Map<String, Long>> heads(Collection<String> conversations) {
    return headsFrom(0, List.copyOf(conversations), new HashMap<>());
  }

  private Future<Map<String, Long>> headsFrom(int from, List<String> all, Map<String, Long> found) {
    if (from >= all.size()) {
      return Future.succeededFuture(found);
    }
    List<String> chunk = all.subList(from, Math.min(all.size(), from + HEADS_CHUNK));
    // One index lookup for each: GROUP BY would read the whole history of every conversation.
    String sql =
        IntStream.range(0, chunk.size()).mapToObj(i -> HEAD).collect(Collectors.joining(" UNION "));
    return database
        .execute(sql, Tuple.wrap(new ArrayList<Object>(chunk)))
        .compose(
            rows -> {
              rows.forEach(row -> found.put(row.getString(0), row.getLong(1)));
              return headsFrom(from + chunk.size(), all, found);
            });
  }

  @Override
  public Future<Optional<SendAck>> byClientMessageId(
      String conversation, long senderId, String clientMessageId) {
    byte[] hash = MessageRows.idHash(conversation, senderId, clientMessageId);
    return database
        .execute(BY_ID_HASH, Tuple.of(hash, forgottenBefore()))
        .map(rows -> ackOf(conversation, rows));
  }

  private static Optional<SendAck> ackOf(String conversation, RowSet<Row> rows) {
    if (rows.size() == 0) {
      return Optional.empty();
    }
    Row row = rows.iterator().next();
    return Optional.of(
        SendAck.newBuilder()
            .setConversation(conversation)
            .setSeq(row.getLong(0))
            .setId(row.getLong(1))
            .setAcceptedAt(row.getLong(2))
            .setRepeated(true)
            .build());
  }

  /** In steps, so that one with a long way to go ends some day too. */
  @Override
  public Future<Void> removeUpTo(String conversation, long seq) {
    return database
        .execute(REMOVE, Tuple.of(conversation, seq, conversation))
        .compose(
            removed ->
                removed.rowCount() == 0 ? Future.succeededFuture() : removeUpTo(conversation, seq));
  }

  @Override
  public Future<Void> forgetOldClientMessageIds() {
    return database.execute(FORGET, Tuple.of(forgottenBefore())).mapEmpty();
  }

  private long forgottenBefore() {
    return clock.millis() - REMEMBERED.toMillis();
  }
}
