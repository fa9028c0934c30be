package chat.parley.connect;

import chat.parley.bus.Bounds;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What waits for all sockets of a bucket together. Each queue has its own bound, but a thousand
 * full ones would be more memory than there is: over half of the bound on them all the queues
 * become short, so that who does not read is switched to pull sooner and pulls later; and over the
 * bound those with the longest queues are told to come back. Who reads has an empty queue, and
 * notices nothing.
 *
 * <p>Counts a socket only while something waits for it: a delivery to a socket that takes it at
 * once costs nothing here. What is added is counted at once, what has left at the next look. Bytes
 * that many sockets share count for each.
 *
 * <p>Belongs to one event loop.
 */
final class Backlog {
  private static final Counter REFUSALS = Bounds.refusals("connect.max-queued-bytes-of-all");

  private final long bound;
  private final List<SocketQueue> behind = new ArrayList<>();
  private long bytes;
  private long told;
  private boolean tight;

  /**
   * @param bound most bytes that may wait for all sockets
   */
  Backlog(long bound) {
    this.bound = bound;
  }

  /** A flush has left something in a socket's queue; to be called once until it is empty again. */
  void add(SocketQueue queue) {
    behind.add(queue);
    grew(queue.bytes());
  }

  /** More was put behind what waits for a socket already. */
  void grew(long more) {
    bytes += more;
    tight = bytes > bound / 2;
  }

  /** Whether queues are to be short. */
  boolean tight() {
    return tight;
  }

  /** Counts again; to be called from time to time. */
  void look() {
    boolean wasTight = tight;
    bytes = 0;
    grew(count());
    if (bytes > bound) {
      closeLongest();
    }
    ConnectMetrics.queued(bytes - told);
    told = bytes;
    if (wasTight) {
      // A queue that is short enough by the narrower measure is not heard of.
      List.copyOf(behind).forEach(SocketQueue::drainedMaybe);
    }
  }

  private long count() {
    long sum = 0;
    for (int i = behind.size() - 1; i >= 0; i--) {
      SocketQueue queue = behind.get(i);
      long waiting = queue.bytes();
      sum += waiting;
      if (waiting == 0) {
        SocketQueue last = behind.remove(behind.size() - 1);
        if (last != queue) {
          behind.set(i, last);
        }
        queue.caughtUp();
      }
    }
    return sum;
  }

  private void closeLongest() {
    List<SocketQueue> longestFirst = new ArrayList<>(behind);
    longestFirst.sort(Comparator.comparingLong(SocketQueue::bytes).reversed());
    for (SocketQueue queue : longestFirst) {
      if (bytes <= bound) {
        return;
      }
      grew(-queue.bytes());
      REFUSALS.increment();
      queue.stalled();
    }
  }
}
