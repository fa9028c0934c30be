package chat.parley.stores;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages, stored once per conversation, found by conversation and seq. */
public interface MessageStore {
  /**
   * Stores a batch, in one transaction. Idempotent: a message whose conversation and seq are there
   * already is passed over. When the Future succeeds, the batch is visible to every reader and
   * survives the death of this process.
   */
  Future<Void> append(List<ChatMessage> batch);

  /**
   * When the Future succeeds, everything whose append had succeeded before this call survives a
   * power cut too.
   */
  Future<Void> sync();

  /** Messages after a seq, ascending, at most {@code limit}. */
  Future<List<ChatMessage>> after(String conversation, long seq, int limit);

  /** Messages before a seq (0: from the newest), descending, at most {@code limit}. */
  Future<List<ChatMessage>> before(String conversation, long seq, int limit);

  /** Newest stored seq by conversation; conversations without messages are absent. */
  Future<Map<String, Long>> heads(Collection<String> conversations);

  /**
   * The ack of a message that was stored with this client message id within the last 24 hours,
   * marked as repeated.
   */
  Future<Optional<SendAck>> byClientMessageId(
      String conversation, long senderId, String clientMessageId);

  /** Removes the messages of a conversation up to and including a seq. Idempotent. */
  Future<Void> removeUpTo(String conversation, long seq);

  /** Removes remembered client message ids older than 24 hours. */
  Future<Void> forgetOldClientMessageIds();
}
