package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import chat.parley.stores.MessageStore;
import chat.parley.stores.PushQueue;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds the first acceptance of a message that is sent again. Redis remembers ids for minutes, the
 * store for a day what it has; between them lies what waits in the queue for longer than Redis
 * remembers, when nobody stores. Only marked resends are looked for.
 */
final class Resends {
  /**
   * What the clocks of two nodes may differ by, and the time from the look at the queue to the
   * acceptance, together are less than this part of the time that ids are remembered.
   */
  private static final int MARGIN_PART = 10;

  private final PushQueue queue;
  private final MessageStore stored;
  private final Clock clock;
  private final long trustedMs;

  /**
   * @param remembered how long Redis remembers the ids of accepted messages
   */
  Resends(PushQueue queue, MessageStore stored, Duration remembered, Clock clock) {
    this.queue = queue;
    this.stored = stored;
    this.clock = clock;
    this.trustedMs = remembered.minus(remembered.dividedBy(MARGIN_PART)).toMillis();
  }

  /**
   * The ack that the store knows; empty when the message is to be accepted, and Redis will say
   * whether it was before.
   *
   * <p>Fails with {@code UNAVAILABLE} when the message may be one that waits unknown to both.
   */
  Future<Optional<SendAck>> find(ChatMessage.Builder draft) {
    // The queue is looked at before the store: what has left it by then, the store has, and what
    // enters it or still waits, Redis remembers. The other way round a message could be stored
    // between the two looks and be seen by neither.
    int partition = Conversations.partitionOf(draft.getConversation(), queue.partitions());
    return queue
        .oldest(partition)
        .map(oldest -> oldest != 0 && clock.millis() - oldest >= trustedMs)
        .compose(
            forgotten ->
                stored
                    .byClientMessageId(
                        draft.getConversation(),
                        draft.getSenderId(),
                        draft.getClientMessageId(),
                        // Younger ones Redis will know, unless this one is to be refused.
                        forgotten ? Long.MAX_VALUE : clock.millis() - trustedMs)
                    .map(
                        found -> {
                          if (found.isEmpty() && forgotten) {
                            throw mayWait();
                          }
                          return found;
                        }));
  }

  private static ChatError mayWait() {
    return new ChatError(
        ErrorCode.UNAVAILABLE,
        "messages wait to be stored for so long that it is unknown whether this one is among them,"
            + " please try again");
  }
}
