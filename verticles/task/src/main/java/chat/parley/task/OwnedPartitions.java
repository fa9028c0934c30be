package chat.parley.task;

import chat.parley.bus.Addresses;
import chat.parley.bus.LocalPartitions;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.Wake;
import chat.parley.stores.Partitions;
import chat.parley.stores.PushQueue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/** The partitions whose leases a worker holds, each with its loop and its wake-up address. */
final class OwnedPartitions {
  private record Owned(PartitionLoop loop, MessageConsumer<Wake> wakes) {}

  private static final int QUIET_STRIDE = 10;

  private final Path path;
  private final Partitions partitions;
  private final LocalPartitions here;
  private final Duration leaseDuration;
  private final IntConsumer lost;
  private final Runnable given;
  private final Map<Integer, Owned> owned = new TreeMap<>();
  private final Map<Integer, Future<Void>> handingOver = new TreeMap<>();
  private long polls;

  /**
   * @param lost told when a lease turned out to be gone
   * @param given told when a partition has been given back: its next owner may take it
   */
  OwnedPartitions(
      Path path, Partitions partitions, Duration leaseDuration, IntConsumer lost, Runnable given) {
    this.path = path;
    this.partitions = partitions;
    this.here = LocalPartitions.of(path.vertx());
    this.leaseDuration = leaseDuration;
    this.lost = lost;
    this.given = given;
  }

  boolean holds(int partition) {
    return owned.containsKey(partition);
  }

  int count() {
    return owned.size();
  }

  boolean givesBack(int partition) {
    return handingOver.containsKey(partition);
  }

  /**
   * Begins the work on a partition; succeeds when it can be woken.
   *
   * @param askedAt {@link System#nanoTime()} from before the lease was asked for
   */
  Future<Void> add(PushQueue.Lease lease, long askedAt) {
    HeldLease held = new HeldLease(lease, leaseDuration, askedAt);
    PartitionLoop loop = new PartitionLoop(path, held, this::leaseLost);
    MessageConsumer<Wake> wakes =
        path.vertx().eventBus().consumer(Addresses.wakeOf(lease.partition()));
    wakes.handler(wake -> loop.wake(ProtoCodec.bodyOf(wake)));
    owned.put(lease.partition(), new Owned(loop, wakes));
    here.add(lease.partition());
    return wakes.completion().onSuccess(v -> loop.wake(Wake.getDefaultInstance()));
  }

  /** All quiet ones at the same time: Redis and this loop are woken once for them. */
  void poll() {
    boolean quietToo = ++polls % QUIET_STRIDE == 0;
    // A copy: a loop that finds its lease gone leaves the map.
    List.copyOf(owned.values()).forEach(each -> each.loop().poll(quietToo));
  }

  void renew() {
    for (Owned each : List.copyOf(owned.values())) {
      PartitionLoop loop = each.loop();
      if (loop.owns()) {
        long askedAt = System.nanoTime();
        // A failure is left to the next time; in the end the lease's own clock decides.
        partitions
            .renew(loop.lease().lease())
            .onSuccess(
                held -> {
                  if (held) {
                    loop.lease().prolong(askedAt);
                  } else {
                    loop.leaseGone();
                  }
                });
      }
    }
  }

  /** Counts what waits in the partitions held; a failure leaves it to the next time. */
  void countWaiting() {
    List<Future<Long>> depths = owned.keySet().stream().map(path.queue()::depth).toList();
    Future.all(depths)
        .onSuccess(all -> path.counters().queued(depths.stream().mapToLong(Future::result).sum()));
  }

  /**
   * Gives a partition back after what is under way has ended and been trimmed, as far as the
   * deadline of draining lets it. Always succeeds.
   */
  Future<Void> handOver(int partition) {
    Future<Void> underWay = handingOver.get(partition);
    if (underWay != null) {
      return underWay;
    }
    Promise<Void> handedOver = Promise.promise();
    handingOver.put(partition, handedOver.future());
    giveBack(owned.get(partition))
        .onComplete(
            done -> {
              handingOver.remove(partition);
              given.run();
              handedOver.complete();
            });
    return handedOver.future();
  }

  Future<Void> handOverAll() {
    return Future.join(List.copyOf(owned.keySet()).stream().map(this::handOver).toList())
        .mapEmpty();
  }

  private Future<?> giveBack(Owned each) {
    PartitionLoop loop = each.loop();
    Duration half = path.settings().drain().dividedBy(2);
    each.wakes().unregister();
    return Deadline.within(path.vertx(), half, loop.drain())
        .transform(done -> Deadline.within(path.vertx(), half, path.settler().settleNow(loop)))
        .transform(
            done -> {
              loop.close();
              remove(each);
              return partitions.release(loop.lease().lease());
            });
  }

  private void leaseLost(PartitionLoop loop) {
    Owned each = owned.get(loop.partition());
    if (each != null && each.loop() == loop) {
      path.counters().leaseLost();
      remove(each);
      each.wakes().unregister();
      // By its own clock this worker may be early: without this it would wait for its own lease.
      partitions.release(loop.lease().lease()).onComplete(done -> lost.accept(loop.partition()));
    }
  }

  private void remove(Owned each) {
    if (owned.remove(each.loop().partition(), each)) {
      here.remove(each.loop().partition());
    }
  }
}
