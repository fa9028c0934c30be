package chat.parley.client;

import chat.parley.proto.v2.Acknowledge;
import chat.parley.proto.v2.Batch;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.NotRecovered;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.Resume;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * What comes: gives each message to the listener once and in order, notices what is missing, and
 * acknowledges what the listener has had. On the client's thread.
 */
final class Inbox {
  private static final int ACKNOWLEDGE_AT = 256;

  private final Loop loop;
  private final ClientState state;
  private final ParleyListener listener;
  private final Timing timing;
  private final Map<String, Long> cursors;
  private boolean cursorsChanged;
  private final Map<String, Long> unacknowledged = new LinkedHashMap<>();
  private int unacknowledgedMessages;
  private Future<?> acknowledging;
  // Nanoseconds at which a conversation was asked for again.
  private final Map<String, Long> resumed = new HashMap<>();
  private Consumer<ClientFrame> wire;
  private int acknowledgeAfterMs;
  private long connection;

  Inbox(Loop loop, ClientState state, ParleyListener listener, Timing timing) {
    this.loop = loop;
    this.state = state;
    this.listener = listener;
    this.timing = timing;
    this.cursors = new HashMap<>(state.cursors());
  }

  Map<String, Long> cursors() {
    return cursors;
  }

  void connected(Consumer<ClientFrame> wire, int acknowledgeAfterMs) {
    this.wire = wire;
    this.acknowledgeAfterMs = acknowledgeAfterMs;
    connection++;
    // The Hello has said all this.
    forgetUnacknowledged();
    resumed.clear();
  }

  void disconnected() {
    wire = null;
    connection++;
    forgetUnacknowledged();
    save();
  }

  void batch(Batch batch) {
    String conversation = batch.getConversation();
    for (chat.parley.proto.v2.Message message : batch.getMessagesList()) {
      Long last = cursors.get(conversation);
      if (last != null && message.getSeq() <= last) {
        continue;
      }
      if (last != null && message.getSeq() > last + 1) {
        resume(conversation, last);
        return;
      }
      Loop.tell(() -> listener.onMessage(Frames.message(conversation, message)));
      received(conversation, message.getSeq());
    }
  }

  void notRecovered(NotRecovered gone) {
    Long last = cursors.get(gone.getConversation());
    if (last != null && gone.getTo() <= last) {
      return;
    }
    if (last != null && gone.getFrom() > last + 1) {
      resume(gone.getConversation(), last);
      return;
    }
    long from = last == null ? gone.getFrom() : last + 1;
    Loop.tell(() -> listener.onNotRecovered(gone.getConversation(), from, gone.getTo()));
    received(gone.getConversation(), gone.getTo());
  }

  /** A room begins where the server, or the caller, says. */
  void joined(Joined joined, boolean calledFor) {
    if (calledFor || !cursors.containsKey(joined.conversation())) {
      move(joined.conversation(), joined.after());
    }
  }

  void left(String conversation) {
    cursors.remove(conversation);
    unacknowledged.remove(conversation);
    cursorsChanged = true;
  }

  /** The server knows of something newer: either it comes by itself soon, or it was lost. */
  void head(Position head) {
    String conversation = head.getConversation();
    Long before = cursors.get(conversation);
    if (before != null && before >= head.getSeq()) {
      return;
    }
    long asked = connection;
    loop.after(
        timing.headGrace().toMillis(),
        () -> {
          Long now = cursors.get(conversation);
          if (asked == connection && wire != null && java.util.Objects.equals(now, before)) {
            resume(conversation, now != null ? now : firstOf(conversation, head.getSeq()));
          }
        });
  }

  /** Of a room that was never heard of, what is new is wanted; of direct messages, all. */
  private static long firstOf(String conversation, long head) {
    return conversation.startsWith("room:") ? head - 1 : 0;
  }

  private void resume(String conversation, long after) {
    Long at = resumed.get(conversation);
    // What was on its way before the Resume does not fit either, and asks for no other.
    if (at != null && System.nanoTime() - at < timing.headGrace().toNanos()) {
      return;
    }
    resumed.put(conversation, System.nanoTime());
    wire.accept(
        ClientFrame.newBuilder()
            .setResume(Resume.newBuilder().setConversation(conversation).setAfter(after))
            .build());
  }

  private void received(String conversation, long seq) {
    move(conversation, seq);
    resumed.remove(conversation);
    unacknowledged.put(conversation, seq);
    if (++unacknowledgedMessages >= ACKNOWLEDGE_AT) {
      acknowledge();
    } else if (acknowledging == null) {
      acknowledging = loop.after(acknowledgeAfterMs, this::acknowledge);
    }
  }

  private void move(String conversation, long seq) {
    cursors.put(conversation, seq);
    cursorsChanged = true;
  }

  /** Sends what was not acknowledged yet; the cursors are saved before. */
  void acknowledge() {
    save();
    if (wire == null || unacknowledged.isEmpty()) {
      return;
    }
    wire.accept(
        ClientFrame.newBuilder()
            .setAcknowledge(
                Acknowledge.newBuilder().addAllPositions(Frames.positions(unacknowledged)))
            .build());
    forgetUnacknowledged();
  }

  private void forgetUnacknowledged() {
    unacknowledged.clear();
    unacknowledgedMessages = 0;
    if (acknowledging != null) {
      acknowledging.cancel(false);
      acknowledging = null;
    }
  }

  /** Saves the cursors if they have moved. */
  void save() {
    if (cursorsChanged) {
      state.saveCursors(cursors);
      cursorsChanged = false;
    }
  }
}
