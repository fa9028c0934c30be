package chat.parley.task;

import chat.parley.stores.MessageStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Trims behind: a while after something has ended, makes sure once that the store has it on disk,
 * and removes it from the queues of all partitions that it concerns.
 */
final class Settler {
  private final Vertx vertx;
  private final MessageStore store;
  private final long delayMillis;
  private final Outage outage = new Outage("the store cannot be synced");
  private final Set<PartitionLoop> due = new LinkedHashSet<>();
  private boolean armed;

  Settler(Vertx vertx, MessageStore store, TaskSettings settings) {
    this.vertx = vertx;
    this.store = store;
    this.delayMillis = settings.settle().toMillis();
  }

  /** Something of this partition has ended and may be trimmed soon. */
  void due(PartitionLoop loop) {
    due.add(loop);
    arm(delayMillis);
  }

  /** Settles now what a partition has, for one that is given back. */
  Future<Void> settleNow(PartitionLoop loop) {
    due.remove(loop);
    return settle(List.of(loop));
  }

  // A timer at a time, and none while there is nothing to do.
  private void arm(long millis) {
    if (!armed) {
      armed = true;
      vertx.setTimer(millis, timer -> run());
    }
  }

  private void run() {
    List<PartitionLoop> loops = new ArrayList<>(due);
    due.clear();
    settle(loops)
        .onSuccess(v -> outage.over())
        .onFailure(t -> due.addAll(loops))
        .onComplete(
            done -> {
              armed = false;
              if (done.failed()) {
                arm(delayMillis + outage.failed(done.cause()));
              } else if (!due.isEmpty()) {
                arm(delayMillis);
              }
            });
  }

  private Future<Void> settle(List<PartitionLoop> loops) {
    // Positions from before the sync: what ends while it runs is the next one's.
    Map<PartitionLoop, Long> positions = new LinkedHashMap<>();
    for (PartitionLoop loop : loops) {
      if (loop.toTrim()) {
        positions.put(loop, loop.endedUpTo());
      }
    }
    if (positions.isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .sync()
        .compose(
            v -> {
              List<Future<Void>> trims = new ArrayList<>(positions.size());
              positions.forEach((loop, upTo) -> trims.add(loop.trim(upTo)));
              return Future.join(trims);
            })
        .mapEmpty();
  }
}
