package chat.parley.stores;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;

/**
 * The direct conversations of users. {@link MessageStore#append} enters a conversation for both of
 * its users in the transaction that stores its first message: there is no stored direct message
 * whose conversation is not found here.
 */
public interface ConversationStore {
  /** Newest stored seq by conversation, for each user that has any. */
  Future<Map<Long, Map<String, Long>>> directOf(Collection<Long> userIds);
}
