package chat.parley.logic;

import chat.parley.bus.Addresses;
import chat.parley.bus.Conversations;
import chat.parley.bus.LocalPartitions;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.Wake;
import chat.parley.stores.PushQueue;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.BitSet;

/**
 * Wakes the owners of partitions that something was accepted on: each at most once in a turn of the
 * event loop, however many messages that turn accepted. An owner in this process is brought the
 * messages if they are few and stand in a row. A wake-up that is lost costs the pause of the
 * owner's poll.
 */
final class Waker {
  /** Messages that a wake-up brings. With more of them there will be more still in the queue. */
  private static final int MOST = 16;

  private final Vertx vertx;
  private final Context context;
  private final LocalPartitions local;
  private final BitSet accepted = new BitSet();

  /** By partition: what its wake-up is to bring; null where it brings nothing. */
  private final Wake.Builder[] brought;

  /**
   * @param context of the verticle instance that uses this
   */
  Waker(Vertx vertx, Context context, int partitions) {
    this.vertx = vertx;
    this.context = context;
    this.local = LocalPartitions.of(vertx);
    this.brought = new Wake.Builder[partitions];
  }

  /**
   * @param message as it was given to the queue, without its seq
   */
  void accepted(ChatMessage message, PushQueue.Accepted as) {
    int partition = Conversations.partitionOf(message.getConversation(), brought.length);
    if (accepted.isEmpty()) {
      context.runOnContext(turnEnds -> wake());
    }
    if (!accepted.get(partition)) {
      accepted.set(partition);
      boolean fresh = as.position() != PushQueue.NO_POSITION;
      brought[partition] =
          fresh && local.contains(partition) ? Wake.newBuilder().setFirst(as.position()) : null;
    }
    Wake.Builder wake = brought[partition];
    if (wake != null) {
      int n = wake.getMessagesCount();
      if (n < MOST && as.position() == wake.getFirst() + n) {
        wake.addMessages(message.toBuilder().setSeq(as.ack().getSeq()));
      } else {
        brought[partition] = null;
      }
    }
  }

  private void wake() {
    for (int p = accepted.nextSetBit(0); p >= 0; p = accepted.nextSetBit(p + 1)) {
      LogicMetrics.woken();
      Wake wake = brought[p] == null ? Wake.getDefaultInstance() : brought[p].build();
      brought[p] = null;
      vertx.eventBus().send(Addresses.wakeOf(p), wake, ProtoCodec.options());
    }
    accepted.clear();
  }
}
