package chat.parley.stores.jdbc;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import chat.parley.stores.MessageStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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
 * Messages in table {@code messages}, client message ids with {@link SentIds}. Every write repeats
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
  private static final String REMOVE =
      "DELETE FROM messages WHERE conversation = ? AND seq <= ? AND seq < "
          + REMOVE_CHUNK
          + " + (SELECT seq FROM messages WHERE conversation = ? ORDER BY conversation, seq LIMIT 1)";

  private final Database database;
  private final SentIds sentIds;
  private final Clock clock;
  private final EnteredConversations entered = new EnteredConversations();

  JdbcMessageStore(Database database, boolean h2, Clock clock) {
    this.database = database;
    this.sentIds = new SentIds(database, h2);
    this.clock = clock;
  }

  @Override
  public Future<Void> append(List<ChatMessage> batch) {
    if (batch.isEmpty()) {
      return Future.succeededFuture();
    }
    SortedMap<String, Set<Long>> toEnter = entered.missingIn(batch);
    return database
        .write(
            connection -> {
              insert(connection, batch);
              SentIds.insert(connection, batch);
              EnteredConversations.insert(connection, toEnter);
              return null;
            })
        .onSuccess(committed -> entered.remember(toEnter.keySet()));
  }

  private static void insert(Connection connection, List<ChatMessage> batch) throws SQLException {
    try (PreparedStatement rows = connection.prepareStatement(INSERT_MESSAGE)) {
      for (ChatMessage message : batch) {
        MessageRows.bind(rows, message);
        rows.addBatch();
      }
      rows.executeBatch();
    }
  }

  @Override
  public Future<Void> sync() {
    return database.sync();
  }

  @Override
  public Future<List<ChatMessage>> after(String conversation, long seq, int limit) {
    return page(AFTER, conversation, seq, limit);
  }

  @Override
  public Future<List<ChatMessage>> before(String conversation, long seq, int limit) {
    long below = seq == 0 ? Long.MAX_VALUE : seq;
    return page(BEFORE, conversation, below, limit);
  }

  private Future<List<ChatMessage>> page(String sql, String conversation, long seq, int limit) {
    return database.read(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, conversation);
            query.setLong(2, seq);
            query.setInt(3, limit);
            return MessageRows.messagesOf(query.executeQuery());
          }
        });
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
      String conversation, long senderId, String clientMessageId, long acceptedUpTo) {
    return sentIds.find(conversation, senderId, clientMessageId, forgottenBefore(), acceptedUpTo);
  }

  @Override
  public Future<Boolean> settleClientMessageIds(Duration age) {
    return sentIds.moveUpTo(clock.millis() - age.toMillis(), forgottenBefore());
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
    return sentIds.forgetUpTo(forgottenBefore());
  }

  private long forgottenBefore() {
    return clock.millis() - REMEMBERED.toMillis();
  }
}
