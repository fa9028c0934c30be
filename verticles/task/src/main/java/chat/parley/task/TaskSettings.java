package chat.parley.task;

import chat.parley.settings.SettingsException;
import java.time.Duration;

/**
 * How partitions are worked on. Section {@code task}.
 *
 * @param poll how often a partition is looked at without having been woken; a quiet partition is
 *     looked at every tenth time
 * @param settle how long after a batch is done it is synced and trimmed, with all others of the
 *     worker
 * @param batch entries read at once
 * @param gather how long the next batch of a partition may wait for the deliveries of the one
 *     before
 * @param maxUnsettled entries of one partition that may be read and not trimmed before reading
 *     pauses
 * @param deliveryDeadline of one delivery request to one node
 * @param deliveryAttempts requests before what waits for a silent node is dropped
 * @param nodeQueueEntries messages that may wait for one node before the oldest are dropped
 * @param nodeQueueBytes bytes that may wait for one node before the oldest are dropped
 * @param roomHistory newest messages of a room that are kept
 * @param drain how long a worker that stops may take
 */
public record TaskSettings(
    Duration poll,
    Duration settle,
    int batch,
    Duration gather,
    int maxUnsettled,
    Duration deliveryDeadline,
    int deliveryAttempts,
    int nodeQueueEntries,
    int nodeQueueBytes,
    int roomHistory,
    Duration drain) {
  public TaskSettings {
    poll = poll == null ? Duration.ofMillis(100) : poll;
    settle = settle == null ? Duration.ofMillis(200) : settle;
    batch = batch == 0 ? 500 : batch;
    gather = gather == null ? Duration.ofMillis(10) : gather;
    maxUnsettled = maxUnsettled == 0 ? 20_000 : maxUnsettled;
    deliveryDeadline = deliveryDeadline == null ? Duration.ofSeconds(1) : deliveryDeadline;
    deliveryAttempts = deliveryAttempts == 0 ? 5 : deliveryAttempts;
    nodeQueueEntries = nodeQueueEntries == 0 ? 20_000 : nodeQueueEntries;
    nodeQueueBytes = nodeQueueBytes == 0 ? 32 << 20 : nodeQueueBytes;
    roomHistory = roomHistory == 0 ? 10_000 : roomHistory;
    drain = drain == null ? Duration.ofSeconds(5) : drain;
    atLeastAMillisecond("poll", poll);
    atLeastAMillisecond("settle", settle);
    atLeastAMillisecond("gather", gather);
    atLeastAMillisecond("delivery-deadline", deliveryDeadline);
    atLeastAMillisecond("drain", drain);
    atLeastOne("batch", batch);
    atLeastOne("delivery-attempts", deliveryAttempts);
    atLeastOne("node-queue-entries", nodeQueueEntries);
    atLeastOne("node-queue-bytes", nodeQueueBytes);
    atLeastOne("room-history", roomHistory);
    if (maxUnsettled < batch) {
      throw new SettingsException(
          "task.max-unsettled must be at least task.batch (" + batch + "), not " + maxUnsettled);
    }
  }

  private static void atLeastAMillisecond(String key, Duration value) {
    if (value.toMillis() < 1) {
      throw new SettingsException("task." + key + " must be at least 1ms, not " + value);
    }
  }

  private static void atLeastOne(String key, int value) {
    if (value < 1) {
      throw new SettingsException("task." + key + " must be at least 1, not " + value);
    }
  }
}
