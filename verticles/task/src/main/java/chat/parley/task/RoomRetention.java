package chat.parley.task;

import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import chat.parley.stores.MessageStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the newest N messages of each room, off the path of the messages: a room is cut when it has
 * grown by another step, one room after the other. A room that this worker sees for the first time
 * is cut too, because nobody may have done it before.
 */
final class RoomRetention {
  private static final int MAX_STEP = 500;
  private static final int MAX_ROOMS = 50_000;

  private final MessageStore store;
  private final int keep;
  private final int step;
  private final Map<String, Long> due = new LinkedHashMap<>();
  private final Outage outage = new Outage("rooms cannot be cut to their newest messages");
  private boolean cutting;

  // Head of a room when it was last cut. Forgetting the least recently used one costs a cut.
  private final Map<String, Long> cutAt =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_ROOMS;
        }
      };

  RoomRetention(MessageStore store, int keep) {
    this.store = store;
    this.keep = keep;
    this.step = Math.min(MAX_STEP, Math.max(1, keep / 10));
  }

  /** Takes note of messages that have just been stored. */
  void stored(List<ChatMessage> batch) {
    for (ChatMessage message : batch) {
      if (message.getSeq() > keep && Conversations.isRoom(message.getConversation())) {
        grown(message.getConversation(), message.getSeq());
      }
    }
  }

  private void grown(String room, long head) {
    Long last = cutAt.get(room);
    // A head below the last one: the entries are being done again, by nobody's fault.
    if (last == null || head >= last + step) {
      cutAt.put(room, head);
      due.put(room, head - keep);
      if (!cutting) {
        cutNext();
      }
    }
  }

  private void cutNext() {
    Iterator<Map.Entry<String, Long>> first = due.entrySet().iterator();
    cutting = first.hasNext();
    if (cutting) {
      Map.Entry<String, Long> cut = first.next();
      first.remove();
      // One that fails is cut when its room has grown by another step.
      store
          .removeUpTo(cut.getKey(), cut.getValue())
          .onSuccess(v -> outage.over())
          .onFailure(outage::failed)
          .onComplete(done -> cutNext());
    }
  }
}
