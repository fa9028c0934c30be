package chat.parley.stores.redis;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Newest stored seq of conversations that Redis does not count (yet): one look-up at a time for
 * each of them, whoever asks meanwhile gets the same answer.
 */
final class HeadLookup {
  private final Function<Collection<String>, Future<Map<String, Long>>> store;
  private final Map<String, Future<Long>> underWay = new ConcurrentHashMap<>();

  HeadLookup(Function<Collection<String>, Future<Map<String, Long>>> store) {
    this.store = store;
  }

  /** 0 for a conversation without messages. */
  Future<Long> of(String conversation) {
    Future<Long> running = underWay.get(conversation);
    if (running != null) {
      return running;
    }
    Future<Long> head =
        store.apply(List.of(conversation)).map(heads -> heads.getOrDefault(conversation, 0L));
    underWay.put(conversation, head);
    head.onComplete(done -> underWay.remove(conversation, head));
    return head;
  }
}
