package chat.parley.logic;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Conversations whose messages Redis is known to count, so that it accepts the next ones in the
 * order in which they are sent. For another one the count is looked up in the store first, during
 * which a later message could overtake. The least recently used are forgotten.
 *
 * <p>A Redis that comes back empty is not noticed here. Then a batch may be numbered out of its
 * order if another node has a message of the same conversation counted in that very moment.
 */
final class CountedConversations {
  private static final int KEPT = 10_000;

  private final Map<String, Boolean> counted =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > KEPT;
        }
      };

  boolean contains(String conversation) {
    return counted.get(conversation) != null;
  }

  void accepted(String conversation) {
    counted.put(conversation, true);
  }

  /** Something went wrong: whatever the reason, the next batch is careful. */
  void failed(String conversation) {
    counted.remove(conversation);
  }
}
