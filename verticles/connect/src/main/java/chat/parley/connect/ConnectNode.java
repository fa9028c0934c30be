package chat.parley.connect;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.ProtoCodec;
import chat.parley.bus.Withdrawal;
import chat.parley.proto.Deliver;
import chat.parley.proto.Delivered;
import chat.parley.stores.Node;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a process is to the rest of the cluster, as a node with connected clients: one consumer of
 * deliveries and one of events, whose messages every bucket of the process gets by reference.
 *
 * <p>Shared by the process's buckets and living as long as any of them, so the consumers stand on a
 * context that belongs to no verticle: on the first bucket's event loop, where most processes have
 * their only bucket, and a delivery then changes no thread.
 */
final class ConnectNode implements Shareable {
  private static final String MAP = "parley.connect";
  private static final String KEY = "node";

  /** Fan-outs that cost less leave the loop enough time for others as it is. */
  private static final long SHORT_NANOS = 500_000;

  /** Times the processor time of the fan-out. */
  private static final int REST = 2;

  private static final long LONGEST_REST_NANOS = 10_000_000;

  private static final Duration LONGEST_WITHDRAWAL = Duration.ofSeconds(2);

  private final List<Bucket> buckets = new CopyOnWriteArrayList<>();
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();
  private final AtomicInteger bucketNumbers = new AtomicInteger();
  private final LocalMap<String, ConnectNode> shared;

  /** Counted inside the shared map's atomic steps only. */
  private int users;

  private Future<ConnectNode> started;
  private Vertx vertx;
  private EventLoop loop;
  private Node node;
  private Node.Registration regained;
  private volatile long lastArrival = System.nanoTime();

  private ConnectNode(LocalMap<String, ConnectNode> shared) {
    this.shared = shared;
  }

  /**
   * The process's node, joined and listening; the Future completes on the caller's context. Every
   * success is followed by one {@link #leave}.
   */
  static Future<ConnectNode> join(ContextInternal context, JsonObject config) {
    LocalMap<String, ConnectNode> shared = context.owner().sharedData().getLocalMap(MAP);
    ConnectNode node =
        shared.compute(
            KEY,
            (key, there) -> {
              ConnectNode one = there == null ? new ConnectNode(shared) : there;
              one.users++;
              return one;
            });
    Promise<ConnectNode> joined = context.promise();
    node.started(context, config).onComplete(joined);
    return joined.future();
  }

  private synchronized Future<ConnectNode> started(ContextInternal context, JsonObject config) {
    if (started == null) {
      started = start(context, config).map(this);
    }
    return started.recover(e -> leave().transform(left -> Future.failedFuture(e)));
  }

  private Future<?> start(ContextInternal context, JsonObject config) {
    vertx = context.owner();
    loop = context.nettyEventLoop();
    ContextInternal own =
        context.owner().contextBuilder().withEventLoop(context.nettyEventLoop()).build();
    return Node.join(context.owner(), config)
        .compose(
            joined -> {
              node = joined;
              regained = node.onRegained(() -> each(Bucket::registerAgain));
              return Future.all(
                  consume(own, Addresses.deliveriesOf(node.nodeId()), this::deliver),
                  consume(own, Addresses.eventsOf(node.nodeId()), this::event));
            });
  }

  private <T> Future<Void> consume(
      ContextInternal own, String address, Handler<Message<T>> handler) {
    return Future.future(
        registered ->
            own.runOnContext(
                v -> {
                  MessageConsumer<T> consumer = own.owner().eventBus().consumer(address, handler);
                  synchronized (this) {
                    consumers.add(consumer);
                  }
                  consumer.completion().onComplete(registered);
                }));
  }

  /** Gives one join back; the last one ends the node. */
  Future<Void> leave() {
    ConnectNode left =
        shared.computeIfPresent(
            KEY,
            (key, there) -> {
              if (there != this) {
                return there;
              }
              users--;
              return users == 0 ? null : this;
            });
    return left == this ? Future.succeededFuture() : end();
  }

  private synchronized Future<Void> end() {
    if (node == null) {
      return Future.succeededFuture(); // It was never joined, so there is nothing to leave.
    }
    regained.remove();
    // Nobody is interested any more; what was sent to this node before must not wait in vain.
    return Withdrawal.untilQuiet(vertx, addresses(), () -> lastArrival, LONGEST_WITHDRAWAL)
        .transform(done -> unregister())
        .transform(done -> node.leave());
  }

  private List<String> addresses() {
    return List.of(Addresses.deliveriesOf(node.nodeId()), Addresses.eventsOf(node.nodeId()));
  }

  private synchronized Future<Void> unregister() {
    List<Future<Void>> ends = new ArrayList<>();
    consumers.forEach(consumer -> ends.add(consumer.unregister()));
    consumers.clear();
    return Future.join(ends).mapEmpty();
  }

  String nodeId() {
    return node.nodeId();
  }

  /** A name that no other bucket of this node has had. */
  String nextBucketName() {
    return node.nodeId() + "/" + bucketNumbers.getAndIncrement();
  }

  /** From now on the bucket gets what arrives. */
  void add(Bucket bucket) {
    buckets.add(bucket);
  }

  void remove(Bucket bucket) {
    buckets.remove(bucket);
  }

  /** Hands an event to the other buckets of this process. */
  void tellSiblings(com.google.protobuf.Message event, Bucket from) {
    for (Bucket bucket : buckets) {
      if (bucket != from) {
        bucket.context().emit(event, bucket::event);
      }
    }
  }

  private void deliver(Message<Deliver> message) {
    ConnectMetrics.delivery();
    lastArrival = System.nanoTime();
    List<Bucket> receivers = List.copyOf(buckets);
    if (receivers.isEmpty()) {
      answer(message);
      return;
    }
    Deliver sent;
    try {
      sent = ProtoCodec.bodyOf(message);
    } catch (ChatError unreadable) {
      unreadable.failTo(message);
      return;
    }
    Delivery delivery = new Delivery(sent, receivers.size(), took -> answerAfter(message, took));
    for (Bucket bucket : receivers) {
      bucket.context().emit(delivery, bucket::deliver);
    }
  }

  /**
   * The sender gathers what comes until it is answered. After a long fan-out it is answered after a
   * rest, so that fan-outs take a bounded share of the loop: the others on it have the remainder,
   * and the more messages there are, the more of them leave in one write to each session.
   *
   * @param took processor time in nanoseconds; a fan-out that had to wait for a processor needs no
   *     longer rest for that
   */
  private void answerAfter(Message<Deliver> message, long took) {
    if (took < SHORT_NANOS) {
      answer(message);
    } else {
      long rest = Math.min(LONGEST_REST_NANOS, REST * took);
      loop.schedule(() -> answer(message), rest, TimeUnit.NANOSECONDS);
    }
  }

  private void event(Message<com.google.protobuf.Message> message) {
    ConnectMetrics.event();
    tellSiblings(ProtoCodec.bodyOf(message), null);
  }

  private void each(Handler<Bucket> action) {
    for (Bucket bucket : buckets) {
      bucket.context().runOnContext(v -> action.handle(bucket));
    }
  }

  private static void answer(Message<Deliver> message) {
    message.reply(Delivered.getDefaultInstance(), ProtoCodec.options());
  }
}
