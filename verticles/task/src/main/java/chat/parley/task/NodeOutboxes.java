package chat.parley.task;

import chat.parley.proto.TopicMessages;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The outboxes of a worker, one for each connect node, shared by all its partitions. */
final class NodeOutboxes {
  private static final long UNUSED_NANOS = Duration.ofMinutes(1).toNanos();

  private final Vertx vertx;
  private final TaskSettings settings;
  private final TaskCounters counters;
  private final Map<String, NodeOutbox> outboxes = new HashMap<>();

  NodeOutboxes(Vertx vertx, TaskSettings settings, TaskCounters counters) {
    this.vertx = vertx;
    this.settings = settings;
    this.counters = counters;
  }

  /** Hands a batch to the nodes; each gets its part in one parcel. */
  void offer(Batch batch, Map<String, List<TopicMessages>> byNode) {
    byNode.forEach((node, topics) -> outboxOf(node).offer(batch, topics));
  }

  private NodeOutbox outboxOf(String nodeId) {
    return outboxes.computeIfAbsent(nodeId, id -> new NodeOutbox(vertx, settings, counters, id));
  }

  /** Node names are never used again, so an outbox that is not used any more goes. */
  void sweep() {
    long limit = System.nanoTime() - UNUSED_NANOS;
    outboxes.values().removeIf(outbox -> outbox.unusedSince(limit));
  }

  void close() {
    outboxes.values().forEach(NodeOutbox::close);
  }
}
