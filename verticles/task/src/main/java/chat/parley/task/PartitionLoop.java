package chat.parley.task;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.Wake;
import chat.parley.stores.PushQueue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Works on one partition while its lease holds: reads a batch, stores it and looks up who wants it,
 * hands it to the outboxes, reads on. One batch is being read and stored at a time, so that stores
 * stay in order; deliveries and trims run behind.
 *
 * <p>What could not leave yet anyway is read and stored together: the next batch waits for the
 * deliveries of the one before, but not for long, and not when more is known to be there than one
 * batch holds. What is accepted while nothing is to be done comes with the wake-up and is not read.
 *
 * <p>At least once: it starts at the queue's first entry, which an earlier owner may have stored
 * and delivered already; seq makes the second time harmless.
 */
final class PartitionLoop {
  private static final int QUIET_AFTER = 20;
  private static final long NO_TIMER = -1;

  private final Path path;
  private final HeldLease lease;
  private final Consumer<PartitionLoop> lost;
  private final Outage readOutage;
  private final Outage storeOutage;
  private final Unsettled unsettled = new Unsettled();
  private final Promise<Void> drained = Promise.promise();
  private long position;
  private boolean busy;

  /** There may be entries that only the queue can tell of. */
  private boolean toRead;

  private boolean atOnce;
  private long gathering = NO_TIMER;
  private boolean draining;
  private boolean closed;
  private int polls;

  /**
   * @param lost told once when the lease turns out to be gone; the loop has stopped then
   */
  PartitionLoop(Path path, HeldLease lease, Consumer<PartitionLoop> lost) {
    this.path = path;
    this.lease = lease;
    this.lost = lost;
    this.readOutage = new Outage("partition " + lease.partition() + " cannot be read");
    this.storeOutage = new Outage("partition " + lease.partition() + " cannot be stored");
  }

  HeldLease lease() {
    return lease;
  }

  int partition() {
    return lease.partition();
  }

  /**
   * Something was accepted. What the wake brings is taken as it is when nothing else is to be done
   * and it is what comes next; else the queue is read, which may hold more by then.
   */
  void wake(Wake wake) {
    boolean brings = wake.getMessagesCount() > 0;
    long next = wake.getFirst() + wake.getMessagesCount();
    if (brings && next <= position) {
      // Known. No reason to put off the poll, by which a queue that was lost is found.
      return;
    }
    polls = 0;
    if (brings && wake.getFirst() == position && mayGoOn() && unsettled.allEnded()) {
      busy = true;
      position = next;
      store(wake.getMessagesList(), true);
    } else {
      toRead = true;
      readOn();
    }
  }

  /**
   * Looks for what no wake told of. Not while wakes come, which show a gap.
   *
   * @param quietToo whether a partition that has been quiet for long is looked at too
   */
  void poll(boolean quietToo) {
    if (busy) {
      return;
    }
    boolean wakesCome = polls == 0;
    boolean quiet = polls > QUIET_AFTER;
    if (!quiet) {
      polls++;
    }
    if (!wakesCome && (quietToo || !quiet)) {
      toRead = true;
      readOn();
    }
  }

  /** Whether what is handed over may still be delivered and trimmed. */
  boolean owns() {
    if (!closed && !lease.holds()) {
      leaseGone();
    }
    return !closed;
  }

  /** Reads nothing more; succeeds when what was read has been stored and its deliveries ended. */
  Future<Void> drain() {
    draining = true;
    endDrainWhenIdle();
    return drained.future();
  }

  /** Stops at once: nothing more is read, delivered or trimmed. */
  void close() {
    closed = true;
    drained.tryComplete();
  }

  /** The lease is known to be gone: stops at once and says so. */
  void leaseGone() {
    if (!closed) {
      close();
      lost.accept(this);
    }
  }

  private void readOn() {
    if (toRead && mayGoOn()) {
      if (atOnce || unsettled.allEnded()) {
        busy = true;
        gatherNoMore();
        read();
      } else if (gathering == NO_TIMER) {
        gathering =
            path.vertx()
                .setTimer(path.settings().gather().toMillis(), timer -> gatheredLongEnough());
      }
    }
  }

  // At the bound it pauses until the next trim.
  private boolean mayGoOn() {
    boolean room = position - unsettled.trimmedUpTo() < path.settings().maxUnsettled();
    return room && !busy && !draining && owns();
  }

  private void gatheredLongEnough() {
    gathering = NO_TIMER;
    atOnce = true;
    readOn();
  }

  private void gatherNoMore() {
    atOnce = false;
    if (gathering != NO_TIMER) {
      path.vertx().cancelTimer(gathering);
      gathering = NO_TIMER;
    }
  }

  private void read() {
    // A wake from here on may tell of an entry that this read is too early for.
    toRead = false;
    path.queue()
        .read(partition(), position, path.settings().batch())
        .onSuccess(
            slice -> {
              readOutage.over();
              took(slice);
            })
        .onFailure(t -> again(readOutage.failed(t), this::read));
  }

  private void took(PushQueue.Slice slice) {
    if (slice.first() != position) {
      // The first read, or the queue begins elsewhere than it did: what it says counts.
      unsettled.startAt(slice.first());
    }
    position = slice.next();
    if (slice.next() == slice.first()) {
      rest();
      return;
    }
    List<ChatMessage> messages = slice.messages();
    polls = 0;
    // A full batch: there is more, and no wake need tell.
    atOnce = slice.next() - slice.first() >= path.settings().batch();
    toRead |= atOnce;
    store(messages, true);
  }

  private void store(List<ChatMessage> messages, boolean first) {
    if (!owns()) {
      rest();
      return;
    }
    Future<Void> append =
        first ? path.store().append(messages) : path.store().appendAlone(messages);
    TopicSplit split = new TopicSplit(messages);
    // Asked for after the read: who subscribed before the acceptance is found.
    Future<Map<String, Set<String>>> nodes = path.topics().nodesOf(split.topics());
    Future.join(append, nodes)
        .onSuccess(
            v -> {
              storeOutage.over();
              stored(messages, split, nodes.result());
            })
        .onFailure(t -> again(storeOutage.failed(t), () -> store(messages, false)));
  }

  private void stored(
      List<ChatMessage> messages, TopicSplit split, Map<String, Set<String>> nodes) {
    path.counters().stored(messages.size());
    path.retention().stored(messages);
    if (owns()) {
      Batch batch = new Batch(this, position);
      unsettled.add(batch);
      path.outboxes().offer(batch, split.byNode(nodes));
      batch.deliveryEnds();
    }
    rest();
  }

  private void again(long delayMillis, Runnable step) {
    if (closed || draining) {
      rest();
    } else {
      path.vertx().setTimer(delayMillis, timer -> step.run());
    }
  }

  private void rest() {
    busy = false;
    endDrainWhenIdle();
    readOn();
  }

  void batchEnded() {
    if (!closed) {
      path.settler().due(this);
      endDrainWhenIdle();
      readOn();
    }
  }

  private void endDrainWhenIdle() {
    if (draining && !busy && unsettled.allEnded()) {
      drained.tryComplete();
    }
  }

  long endedUpTo() {
    return unsettled.endedUpTo();
  }

  boolean toTrim() {
    return !closed && unsettled.endedUpTo() > unsettled.trimmedUpTo();
  }

  /** Removes the entries before a position, which the store has on disk. */
  Future<Void> trim(long upTo) {
    if (!owns()) {
      return Future.succeededFuture();
    }
    return path.queue()
        .trim(lease.lease(), upTo)
        .map(
            held -> {
              if (!held) {
                leaseGone();
              } else {
                unsettled.trimmedUpTo(upTo);
                readOn();
              }
              return null;
            });
  }
}
