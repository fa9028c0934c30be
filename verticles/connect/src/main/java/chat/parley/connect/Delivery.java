package chat.parley.connect;

import chat.parley.proto.Deliver;
import chat.parley.proto.TopicMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * A node's delivery on its way through the buckets, which share what is encoded. Each of them
 * releases it once; the last one gives the buffers back.
 */
final class Delivery {
  private final List<EncodedBatch> batches;
  private final AtomicInteger holders;
  private final AtomicLong most = new AtomicLong();
  private final LongConsumer done;

  /**
   * @param holders how many will release it
   * @param done told when the last one has, on that one's thread, how much processor time it cost
   *     whom it cost most, in nanoseconds
   */
  Delivery(Deliver deliver, int holders, LongConsumer done) {
    this.batches = new ArrayList<>(deliver.getTopicsCount());
    for (TopicMessages topic : deliver.getTopicsList()) {
      batches.add(new EncodedBatch(topic.getTopic(), topic.getMessagesList()));
    }
    this.holders = new AtomicInteger(holders);
    this.done = done;
  }

  List<EncodedBatch> batches() {
    return batches;
  }

  /**
   * @param tookNanos processor time that the holder spent on it
   */
  void release(long tookNanos) {
    most.accumulateAndGet(tookNanos, Math::max);
    if (holders.decrementAndGet() == 0) {
      batches.forEach(EncodedBatch::release);
      done.accept(most.get());
    }
  }
}
