package chat.parley.task;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one worker has done since its start, on its event loop; and what all workers of the process
 * have, for whoever adds a registry to Micrometer's global one.
 */
final class TaskCounters {
  private static final String DELIVERIES = "parley.task.deliveries";
  private static final Counter STORED = Metrics.counter("parley.task.messages.stored");
  private static final Counter ANSWERED = Metrics.counter(DELIVERIES, "end", "answered");
  private static final Counter FAILED = Metrics.counter(DELIVERIES, "end", "failed");
  private static final Counter DROPPED = Metrics.counter("parley.task.messages.dropped");
  private static final Counter LEASES_LOST = Metrics.counter("parley.task.leases.lost");

  private static final AtomicLong QUEUED =
      Metrics.gauge("parley.task.queue.entries", new AtomicLong());

  private long stored;
  private long queued;
  private long deliveries;
  private long dropped;
  private long leasesLost;

  /** Messages were stored; one that had to be done again counts again. */
  void stored(int messages) {
    stored += messages;
    STORED.increment(messages);
  }

  /** So much waits in the partitions of the worker. */
  void queued(long entries) {
    QUEUED.addAndGet(entries - queued);
    queued = entries;
  }

  /** A delivery request was answered. */
  void answered() {
    deliveries++;
    ANSWERED.increment();
  }

  /** A delivery request ended without an answer; another one may follow. */
  void failed() {
    FAILED.increment();
  }

  /** Messages are not delivered to a node because it is silent, gone or too slow. */
  void dropped(int messages) {
    dropped += messages;
    DROPPED.increment(messages);
  }

  /** Messages dropped so far. */
  long dropped() {
    return dropped;
  }

  /** A partition's lease was lost, not given back. */
  void leaseLost() {
    leasesLost++;
    LEASES_LOST.increment();
  }

  @Override
  public String toString() {
    return "%d messages stored, %d deliveries, %d messages dropped, %d leases lost"
        .formatted(stored, deliveries, dropped, leasesLost);
  }
}
