package chat.parley.stores.jdbc;

import chat.parley.proto.ChatMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The direct conversations that are known to be entered for their users, so that a message in one
 * of them costs no statement for it. The least recently used ones are forgotten: to enter them
 * again does no harm. Thread-safe.
 */
final class EnteredConversations {
  private static final int REMEMBERED = 10_000;
  private static final String INSERT =
      "INSERT INTO user_conversations (user_id, conversation) VALUES (?, ?)"
          + " ON CONFLICT DO NOTHING";

  private final Map<String, Boolean> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** The users of each direct conversation of a batch that is not known to be entered. */
  synchronized SortedMap<String, Set<Long>> missingIn(List<ChatMessage> batch) {
    SortedMap<String, Set<Long>> missing = Collections.emptySortedMap();
    for (ChatMessage message : batch) {
      if (message.getRecipientId() != 0 && known.get(message.getConversation()) == null) {
        if (missing.isEmpty()) {
          missing = new TreeMap<>();
        }
        Set<Long> users =
            missing.computeIfAbsent(message.getConversation(), name -> new TreeSet<>());
        users.add(message.getSenderId());
        users.add(message.getRecipientId());
      }
    }
    return missing;
  }

  /** Called when the transaction that entered them is committed. */
  synchronized void remember(Collection<String> conversations) {
    conversations.forEach(conversation -> known.put(conversation, true));
  }

  /** In one order for all, so that no two transactions wait for each other. */
  static void insert(Connection connection, SortedMap<String, Set<Long>> conversations)
      throws SQLException {
    if (conversations.isEmpty()) {
      return;
    }
    try (PreparedStatement rows = connection.prepareStatement(INSERT)) {
      for (Map.Entry<String, Set<Long>> conversation : conversations.entrySet()) {
        for (long user : conversation.getValue()) {
          rows.setLong(1, user);
          rows.setString(2, conversation.getKey());
          rows.addBatch();
        }
      }
      rows.executeBatch();
    }
  }
}
