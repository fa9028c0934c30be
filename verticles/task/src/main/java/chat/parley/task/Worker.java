package chat.parley.task;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.Wake;
import chat.parley.stores.Partitions;
import chat.parley.stores.PushQueue;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker among those of the cluster: says that it is alive, learns who else is, and holds its
 * fair share of the partitions. Partition p belongs to the p-th of the live workers, counted round;
 * who holds what belongs to another gives it back, and its owner takes it.
 *
 * <p>A worker that dies keeps its partitions for the length of a lease; one that stops gives them
 * back at once.
 */
final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final String name;
  private final Path path;
  private final Partitions partitions;
  private final long leaseMillis;
  private final OwnedPartitions owned;
  private final Outage outage;
  private final List<Long> timers = new ArrayList<>();
  private MessageConsumer<Wake> changes;
  private Future<Void> round;
  private boolean roundAgain;
  private boolean telling;
  private boolean stopping;

  /**
   * @param name unique in the cluster for ever
   * @param lease how long a partition's lease lasts
   */
  Worker(String name, Path path, Partitions partitions, Duration lease) {
    this.name = name;
    this.path = path;
    this.partitions = partitions;
    this.leaseMillis = lease.toMillis();
    this.owned = new OwnedPartitions(path, partitions, lease, this::lost, this::givenBack);
    this.outage = new Outage("worker " + name + " cannot announce itself");
  }

  /** Succeeds when this worker holds what is free of its share and can be woken for it. */
  Future<Void> start() {
    changes = path.vertx().eventBus().consumer(Addresses.WORKERS_CHANGED, change -> round());
    return changes
        .completion()
        .compose(v -> round())
        .onSuccess(
            v -> {
              every(leaseMillis / 3, this::tick);
              every(path.settings().poll().toMillis(), owned::poll);
              tellOthers();
            });
  }

  /**
   * Gives everything back: batches under way are finished and trimmed first, as far as the deadline
   * of draining lets them. Each partition is its next owner's as soon as it is given back. Always
   * succeeds.
   */
  Future<Void> stop() {
    stopping = true;
    // What a round under way still acquires is given back too.
    Future<Void> lastRound = round == null ? Future.succeededFuture() : round;
    // Withdrawn first: for the others, what is given back from now on is theirs.
    Future<Void> given =
        lastRound
            .transform(done -> partitions.withdraw(name))
            .transform(done -> owned.handOverAll());
    return Deadline.within(path.vertx(), path.settings().drain(), given)
        .transform(
            done -> {
              if (owned.count() > 0) {
                LOG.warn("worker {} has not given back {} partitions", name, owned.count());
              }
              timers.forEach(path.vertx()::cancelTimer);
              path.outboxes().close();
              path.counters().queued(0);
              LOG.info("worker {} has stopped: {}", name, path.counters());
              return changes.unregister();
            })
        .onComplete(done -> tellOthers())
        .otherwiseEmpty();
  }

  /** Whether this worker holds a partition at this moment. */
  boolean owns(int partition) {
    return owned.holds(partition);
  }

  private void every(long millis, Runnable step) {
    timers.add(path.vertx().setPeriodic(millis, timer -> step.run()));
  }

  private void tick() {
    owned.renew();
    owned.countWaiting();
    path.outboxes().sweep();
    round();
  }

  private void tellOthers() {
    path.vertx()
        .eventBus()
        .publish(Addresses.WORKERS_CHANGED, Wake.getDefaultInstance(), ProtoCodec.options());
  }

  /** Many may be given back in one turn: the others are told once. */
  private void givenBack() {
    if (!telling) {
      telling = true;
      path.vertx()
          .runOnContext(
              turnEnds -> {
                telling = false;
                tellOthers();
              });
    }
  }

  /**
   * One look at who is alive and what follows from it; a call during one makes another after it.
   */
  private Future<Void> round() {
    if (round != null) {
      roundAgain = true;
      return round;
    }
    if (stopping) {
      return Future.succeededFuture();
    }
    Future<Void> started =
        partitions
            .announce(name)
            .compose(this::takeShare)
            .onSuccess(v -> outage.over())
            .onFailure(outage::failed);
    round = started;
    return started.onComplete(done -> roundEnds());
  }

  private void roundEnds() {
    round = null;
    if (roundAgain) {
      roundAgain = false;
      round();
    }
  }

  private Future<Void> takeShare(List<String> workers) {
    List<Future<Void>> taken = new ArrayList<>();
    for (int p = 0; p < path.queue().partitions() && !stopping; p++) {
      boolean mine = workers.get(p % workers.size()).equals(name);
      if (mine && !owned.holds(p)) {
        taken.add(acquire(p));
      } else if (!mine && owned.holds(p) && !owned.givesBack(p)) {
        // Not waited for: rounds go on while partitions drain.
        owned.handOver(p);
      }
    }
    return Future.all(taken).mapEmpty();
  }

  private Future<Void> acquire(int partition) {
    long askedAt = System.nanoTime();
    return partitions
        .acquire(partition, name)
        .compose(
            (Optional<PushQueue.Lease> lease) ->
                lease.isEmpty() ? Future.succeededFuture() : owned.add(lease.get(), askedAt));
  }

  private void lost(int partition) {
    LOG.warn("worker {} has lost the lease of partition {}", name, partition);
    round();
  }
}
