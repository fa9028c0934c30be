package chat.parley.connect;

import chat.parley.proto.Deliver;
import chat.parley.proto.TopicMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node's delivery on its way through the buckets, which share what is encoded. Each of them
 * releases it once; the last one gives the buffers back.
 */
final class Delivery {
  private final List<EncodedBatch> batches;
  private final AtomicInteger holders;
  private final Runnable done;

  /**
   * @param holders how many will release it
   * @param done runs when the last one has, on that one's thread
   */
  Delivery(Deliver deliver, int holders, Runnable done) {
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

  void release() {
    if (holders.decrementAndGet() == 0) {
      batches.forEach(EncodedBatch::release);
      done.run();
    }
  }
}
