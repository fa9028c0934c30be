package chat.parley.task;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.Deliver;
import chat.parley.proto.Delivered;
import chat.parley.proto.TopicMessages;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one connect node, in order, with one request under way at a time: what comes
 * meanwhile leaves together in the next.
 *
 * <p>A node that is gone, or silent through all attempts, gets nothing of what waits: its sessions
 * see the gap by seq and fetch it. From then on a silent node has one attempt for each request,
 * until it answers again. So it holds back a trim by a bounded time, and nobody else's delivery at
 * all.
 */
final class NodeOutbox {
  private static final Logger LOG = LoggerFactory.getLogger(NodeOutbox.class);
  private static final int MAX_REQUEST_ENTRIES = 2_000;
  private static final int MAX_REQUEST_BYTES = 1 << 20;

  private final Vertx vertx;
  private final TaskSettings settings;
  private final TaskCounters counters;
  private final String nodeId;
  private final String address;
  private final DeliveryOptions options;
  private final Backoff backoff = new Backoff();
  private final ArrayDeque<Parcel> waiting = new ArrayDeque<>();
  private int waitingEntries;
  private long waitingBytes;
  private List<Parcel> underWay = List.of();
  private boolean away;
  private long lastUsed = System.nanoTime();

  NodeOutbox(Vertx vertx, TaskSettings settings, TaskCounters counters, String nodeId) {
    this.vertx = vertx;
    this.settings = settings;
    this.counters = counters;
    this.nodeId = nodeId;
    this.address = Addresses.deliveriesOf(nodeId);
    this.options = ProtoCodec.options().setSendTimeout(settings.deliveryDeadline().toMillis());
  }

  void offer(Batch batch, List<TopicMessages> topics) {
    Parcel parcel = Parcel.of(batch, topics);
    batch.deliveryBegins();
    waiting.add(parcel);
    waitingEntries += parcel.entries();
    waitingBytes += parcel.bytes();
    while (overBound() && waiting.size() > 1) {
      drop(pollWaiting());
    }
    if (underWay.isEmpty()) {
      sendNext();
    }
  }

  /** Whether nothing waits here and nothing has for a while. */
  boolean unusedSince(long nanoTime) {
    return underWay.isEmpty() && lastUsed - nanoTime < 0;
  }

  /** Drops what waits; what is under way ends by its deadline. */
  void close() {
    while (!waiting.isEmpty()) {
      drop(pollWaiting());
    }
  }

  private boolean overBound() {
    return waitingEntries > settings.nodeQueueEntries() || waitingBytes > settings.nodeQueueBytes();
  }

  private Parcel pollWaiting() {
    Parcel parcel = waiting.poll();
    waitingEntries -= parcel.entries();
    waitingBytes -= parcel.bytes();
    return parcel;
  }

  private void drop(Parcel parcel) {
    counters.dropped(parcel.entries());
    parcel.batch().deliveryEnds();
  }

  private void sendNext() {
    underWay = take();
    lastUsed = System.nanoTime();
    if (!underWay.isEmpty()) {
      attempt(1);
    }
  }

  private List<Parcel> take() {
    List<Parcel> parcels = new ArrayList<>();
    int entries = 0;
    int bytes = 0;
    while (!waiting.isEmpty() && entries < MAX_REQUEST_ENTRIES && bytes < MAX_REQUEST_BYTES) {
      Parcel parcel = pollWaiting();
      entries += parcel.entries();
      bytes += parcel.bytes();
      parcels.add(parcel);
    }
    return parcels;
  }

  private void attempt(int number) {
    Deliver delivery = Parcel.deliveryOf(underWay);
    if (delivery.getTopicsCount() == 0) {
      requestEnds();
      return;
    }
    vertx
        .eventBus()
        .<Delivered>request(address, delivery, options)
        .onSuccess(receipt -> delivered())
        .onFailure(t -> failed(number, t));
  }

  private void delivered() {
    counters.answered();
    backoff.reset();
    if (away) {
      away = false;
      LOG.info("node {} takes deliveries again", nodeId);
    }
    requestEnds();
  }

  private void requestEnds() {
    List<Parcel> ended = underWay;
    sendNext();
    ended.forEach(parcel -> parcel.batch().deliveryEnds());
  }

  private void failed(int number, Throwable cause) {
    counters.failed();
    ReplyFailure failure =
        cause instanceof ReplyException reply ? reply.failureType() : ReplyFailure.ERROR;
    int attempts = away ? 1 : settings.deliveryAttempts();
    if (failure == ReplyFailure.NO_HANDLERS || number >= attempts) {
      giveUp(failure);
    } else if (failure == ReplyFailure.TIMEOUT) {
      attempt(number + 1);
    } else {
      vertx.setTimer(backoff.nextMillis(), timer -> attempt(number + 1));
    }
  }

  private void giveUp(ReplyFailure failure) {
    long before = counters.dropped();
    boolean known = away;
    away = true;
    List<Parcel> lost = underWay;
    underWay = List.of();
    lost.forEach(this::drop);
    close();
    if (!known) {
      LOG.warn(
          "node {} does not take deliveries ({}): dropped {} messages, which its sessions fetch",
          nodeId,
          failure,
          counters.dropped() - before);
    }
  }
}
