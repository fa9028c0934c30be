package chat.parley.connect;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the process's buckets count, for whoever adds a registry to Micrometer's global one. Any
 * thread.
 */
final class ConnectMetrics {
  private static final AtomicInteger OPEN =
      Metrics.gauge("parley.connect.connections", new AtomicInteger());
  private static final AtomicInteger PULLING =
      Metrics.gauge("parley.connect.sessions.pulling", new AtomicInteger());
  private static final AtomicLong QUEUED =
      Metrics.gauge("parley.connect.queued.bytes", new AtomicLong());
  private static final Counter SLOW =
      Metrics.counter("parley.connect.sessions.switched.to.pull", "cause", "slow");
  private static final Counter DELIVERIES = Metrics.counter("parley.connect.deliveries");
  private static final Counter EVENTS = Metrics.counter("parley.connect.events");
  private static final Counter MESSAGES = Metrics.counter("parley.connect.messages.delivered");
  private static final Counter BYTES =
      Counter.builder("parley.connect.delivered")
          .baseUnit("bytes")
          .register(Metrics.globalRegistry);
  private static final Counter RESENT = Metrics.counter("parley.connect.conversations.resent");

  private ConnectMetrics() {}

  /** Makes the meters known, so that what has not happened yet is told as 0. */
  static void register() {
    Metrics.counter("parley.connect.goodbyes", "reason", CloseReason.RESTART.name());
  }

  static void opened() {
    OPEN.incrementAndGet();
  }

  static void closed() {
    OPEN.decrementAndGet();
  }

  /** A delivery came over the bus: one for the node, whatever the number of its sessions. */
  static void delivery() {
    DELIVERIES.increment();
  }

  /** An event came over the bus. */
  static void event() {
    EVENTS.increment();
  }

  /**
   * Messages were given to sessions; called once for all of them.
   *
   * @param messages times sessions
   * @param bytes to all of them, headers included
   */
  static void given(long messages, long bytes) {
    MESSAGES.increment(messages);
    BYTES.increment(bytes);
  }

  /** More or fewer bytes wait for sockets than at the last look. */
  static void queued(long more) {
    QUEUED.addAndGet(more);
  }

  /** A session gets what it is behind with from the store. */
  static void pulling() {
    PULLING.incrementAndGet();
  }

  static void pullingNoMore() {
    PULLING.decrementAndGet();
  }

  /** A session's queue was over its bound: it is pushed to no more until it has drained. */
  static void slow() {
    SLOW.increment();
  }

  /** A conversation is sent again to a device that did not acknowledge it in time. */
  static void resent() {
    RESENT.increment();
  }

  /** A connection was closed by this side. */
  static void goodbye(CloseReason reason) {
    Metrics.counter("parley.connect.goodbyes", "reason", reason.name()).increment();
  }
}
