package chat.parley.stores;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import io.vertx.core.Future;
import java.time.Duration;
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
   *
   * @param acceptedUpTo milliseconds since the epoch; a message that was accepted later may be
   *     passed over, and the look is the quicker the longer this time ago is: {@link
   *     Long#MAX_VALUE} for all
   */
  Future<Optional<SendAck>> byClientMessageId(
      String conversation, long senderId, String clientMessageId, long acceptedUpTo);

  /**
   * Puts in order some of the client message ids of messages that were accepted so long ago or
   * longer: they were stored as they came, and are then found without a search. To be called again
   * and again, by anybody.
   *
   * @return whether there may be more
   */
  Future<Boolean> settleClientMessageIds(Duration age);

  /** Removes the messages of a conversation up to and including a seq. Idempotent. */
  Future<Void> removeUpTo(String conversation, long seq);

  /** Removes remembered client message ids older than 24 hours. */
  Future<Void> forgetOldClientMessageIds();
}
