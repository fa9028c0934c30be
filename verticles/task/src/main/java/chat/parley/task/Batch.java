package chat.parley.task;

/**
 * A stretch of a partition that has been stored and is being delivered. It has ended when every
 * node that was to get a part of it has answered or was given up.
 */
final class Batch {
  private final PartitionLoop loop;
  private final long next;
  // One stands for the handing over itself, so that a batch cannot end in the middle of it.
  private int open = 1;

  /**
   * @param next position after the batch's last entry
   */
  Batch(PartitionLoop loop, long next) {
    this.loop = loop;
    this.next = next;
  }

  long next() {
    return next;
  }

  /** Whether this worker may still deliver it: false once the partition's lease is gone. */
  boolean deliverable() {
    return loop.owns();
  }

  boolean ended() {
    return open == 0;
  }

  void deliveryBegins() {
    open++;
  }

  /** A delivery, or the handing over, is done with: answered, given up or not needed. */
  void deliveryEnds() {
    if (--open == 0) {
      loop.batchEnded();
    }
  }
}
