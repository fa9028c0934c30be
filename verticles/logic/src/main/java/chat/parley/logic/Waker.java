package chat.parley.logic;

import chat.parley.bus.Addresses;
import chat.parley.bus.Conversations;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.Wake;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.BitSet;

/**
 * Wakes the owners of partitions that something was accepted on: each at most once in a turn of the
 * event loop, however many messages that turn accepted. A wake-up that is lost costs the pause of
 * the owner's poll.
 */
final class Waker {
  private final Vertx vertx;
  private final Context context;
  private final int partitions;
  private final BitSet accepted;

  /**
   * @param context of the verticle instance that uses this
   */
  Waker(Vertx vertx, Context context, int partitions) {
    this.vertx = vertx;
    this.context = context;
    this.partitions = partitions;
    this.accepted = new BitSet(partitions);
  }

  void accepted(String conversation) {
    if (accepted.isEmpty()) {
      context.runOnContext(turnEnds -> wake());
    }
    accepted.set(Conversations.partitionOf(conversation, partitions));
  }

  private void wake() {
    for (int p = accepted.nextSetBit(0); p >= 0; p = accepted.nextSetBit(p + 1)) {
      LogicMetrics.woken();
      vertx.eventBus().send(Addresses.wakeOf(p), Wake.getDefaultInstance(), ProtoCodec.options());
    }
    accepted.clear();
  }
}
