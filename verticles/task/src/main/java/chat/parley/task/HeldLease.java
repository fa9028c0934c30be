package chat.parley.task;

import chat.parley.stores.PushQueue;
import java.time.Duration;

/**
 * A partition's lease, and until when it surely holds by this process's own monotonic clock. That
 * is counted from before the lease was asked for, so it ends before the one that others see: a
 * worker that was stopped for longer finds out by itself, before it delivers or trims.
 */
final class HeldLease {
  private final PushQueue.Lease lease;
  private final long durationNanos;
  private long endsAt;

  /**
   * @param askedAt {@link System#nanoTime()} from before the lease was asked for
   */
  HeldLease(PushQueue.Lease lease, Duration duration, long askedAt) {
    this.lease = lease;
    this.durationNanos = duration.toNanos();
    prolong(askedAt);
  }

  PushQueue.Lease lease() {
    return lease;
  }

  int partition() {
    return lease.partition();
  }

  boolean holds() {
    return System.nanoTime() - endsAt < 0;
  }

  /**
   * @param askedAt {@link System#nanoTime()} from before the renewal was asked for
   */
  void prolong(long askedAt) {
    endsAt = askedAt + durationNanos;
  }
}
