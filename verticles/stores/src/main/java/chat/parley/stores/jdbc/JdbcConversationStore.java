package chat.parley.stores.jdbc;

import chat.parley.stores.ConversationStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Direct conversations in table {@code user_conversations}, which only appending writes. */
final class JdbcConversationStore implements ConversationStore {
  /** Users in one statement. */
  private static final int CHUNK = 256;

  /** One index lookup for each head: GROUP BY would read the whole history. */
  private static final String DIRECT_OF =
      """
      SELECT u.user_id, u.conversation,
        (SELECT m.seq FROM messages m WHERE m.conversation = u.conversation
         ORDER BY m.conversation DESC, m.seq DESC LIMIT 1)
      FROM user_conversations u WHERE u.user_id IN (%s)""";

  private final Database database;

  JdbcConversationStore(Database database) {
    this.database = database;
  }

  @Override
  public Future<Map<Long, Map<String, Long>>> directOf(Collection<Long> userIds) {
    return directFrom(0, userIds.stream().distinct().toList(), new HashMap<>());
  }

  private Future<Map<Long, Map<String, Long>>> directFrom(
      int from, List<Long> all, Map<Long, Map<String, Long>> found) {
    if (from >= all.size()) {
      return Future.succeededFuture(found);
    }
    List<Long> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
    IdList ids = IdList.of(chunk);
    return database
        .execute(DIRECT_OF.formatted(ids.placeholders()), ids.parameters())
        .compose(
            rows -> {
              rows.forEach(row -> add(found, row));
              return directFrom(from + chunk.size(), all, found);
            });
  }

  private static void add(Map<Long, Map<String, Long>> found, Row row) {
    Long head = row.getLong(2);
    // All of its messages may have been removed since.
    if (head != null) {
      found.computeIfAbsent(row.getLong(0), id -> new HashMap<>()).put(row.getString(1), head);
    }
  }
}
