package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What goes: keeps every message until the server has answered it for good, in order within each
 * conversation. On the client's thread, but for {@link #add}.
 */
final class Outbox {
  static final int MOST = 10_000;
  // Of entries, in the order in which they were given.
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final Loop loop;
  private final ClientState state;
  private final ParleyListener listener;
  private final Timing timing;
  private final AtomicInteger size = new AtomicInteger();
  private final Queue<Entry> added = new ConcurrentLinkedQueue<>();
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private Consumer<ClientFrame> wire;
  private long userId;
  private ParleyException failedBy;
  private int inFlight;
  private int maxInFlight;
  private int maxFrameBytes;

  Outbox(Loop loop, ClientState state, ParleyListener listener, Timing timing) {
    this.loop = loop;
    this.state = state;
    this.listener = listener;
    this.timing = timing;
    for (Unsent message : state.outbox()) {
      Entry entry = new Entry(message, new CompletableFuture<>());
      // It may have been sent by the process before.
      entry.sentBefore = true;
      entries.put(message.clientMessageId(), entry);
      size.incrementAndGet();
    }
  }

  /** Takes a message, from any thread. */
  CompletableFuture<Ack> add(Unsent message) {
    CompletableFuture<Ack> acked = new CompletableFuture<>();
    if (size.incrementAndGet() > MOST) {
      size.decrementAndGet();
      acked.completeExceptionally(
          new ParleyException(
              ParleyException.OUTBOX_FULL,
              MOST + " messages wait to be acknowledged; wait for some of them",
              true));
      return acked;
    }
    added.add(new Entry(message, acked));
    if (!loop.execute(this::takeAdded)) {
      acked.completeExceptionally(closed());
    }
    return acked;
  }

  /** Many that were added meanwhile cost one write. */
  void takeAdded() {
    List<Entry> fresh = new ArrayList<>();
    for (Entry entry = added.poll(); entry != null; entry = added.poll()) {
      fresh.add(entry);
    }
    if (fresh.isEmpty()) {
      return;
    }
    if (failedBy != null) {
      size.addAndGet(-fresh.size());
      fresh.forEach(entry -> entry.acked.completeExceptionally(failedBy));
      return;
    }
    try {
      state.addUnsent(fresh.stream().map(entry -> entry.message).toList());
    } catch (UncheckedIOException e) {
      size.addAndGet(-fresh.size());
      String why = "the outbox cannot be written: " + e.getMessage();
      fresh.forEach(
          entry ->
              entry.acked.completeExceptionally(
                  new ParleyException(ParleyException.STATE, why, true, Duration.ZERO, e)));
      return;
    }
    for (Entry entry : fresh) {
      entries.put(entry.id(), entry);
      if (wire != null) {
        laneOf(entry).waiting.add(entry);
      }
    }
    pump();
  }

  void connected(Consumer<ClientFrame> wire, long userId, int maxInFlight, int maxFrameBytes) {
    this.wire = wire;
    this.userId = userId;
    this.maxInFlight = maxInFlight > 0 ? maxInFlight : 1;
    this.maxFrameBytes = maxFrameBytes > 0 ? maxFrameBytes : Integer.MAX_VALUE;
    inFlight = 0;
    lanes.clear();
    // In the order in which they were given: an entry's number says it.
    entries.values().stream()
        .sorted(Comparator.comparingLong(entry -> entry.number))
        .forEach(entry -> laneOf(entry).waiting.add(entry));
    pump();
  }

  void disconnected() {
    wire = null;
    for (Lane lane : lanes.values()) {
      lane.onWire.values().forEach(entry -> entry.sentBefore = true);
    }
    lanes.clear();
  }

  void acked(Ack ack) {
    Entry entry = takeOut(ack.clientMessageId());
    if (entry == null) {
      return;
    }
    state.removeUnsent(List.of(entry.id()));
    Loop.tell(() -> listener.onSent(ack));
    entry.acked.complete(ack);
    pump();
  }

  /** An error that names a message. */
  void refused(String id, ParleyException reason) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return;
    }
    if (reason.retryable()) {
      laneOf(entry).startAgain(entry, reason.retryAfter());
    } else {
      refuse(entry, reason);
    }
    pump();
  }

  /** What was not answered for too long is asked again, as after an error. */
  void tick() {
    long now = System.nanoTime();
    for (Lane lane : lanes.values()) {
      Iterator<Entry> onWire = lane.onWire.values().iterator();
      if (onWire.hasNext()) {
        Entry oldest = onWire.next();
        if (now - oldest.sentAt > timing.answerWithin().toNanos()) {
          lane.startAgain(oldest, Duration.ZERO);
        }
      }
    }
  }

  int size() {
    return size.get();
  }

  /** Nothing is sent any more; what is kept in the state stays there. */
  void fail(ParleyException reason) {
    takeAdded();
    failedBy = reason;
    List<Entry> left = List.copyOf(entries.values());
    left.forEach(entry -> entry.acked.completeExceptionally(reason));
  }

  static ParleyException closed() {
    return new ParleyException(ParleyException.CLOSED, "the client is closed", false);
  }

  private void pump() {
    if (wire == null) {
      return;
    }
    for (Lane lane : List.copyOf(lanes.values())) {
      while (inFlight < maxInFlight && !lane.paused && !lane.waiting.isEmpty()) {
        put(lane, lane.waiting.poll());
      }
      if (lane.waiting.isEmpty() && lane.onWire.isEmpty() && !lane.paused) {
        lanes.remove(lane.name);
      }
    }
  }

  private void put(Lane lane, Entry entry) {
    ClientFrame frame = Frames.send(entry.message, entry.sentBefore);
    // The server would end the connection over it, each time again.
    if (frame.getSerializedSize() > maxFrameBytes) {
      refuse(
          entry,
          new ParleyException(
              "TOO_LARGE", "a message of more than " + maxFrameBytes + " bytes", false));
      return;
    }
    entry.sentBefore = true;
    entry.sentAt = System.nanoTime();
    lane.onWire.put(entry.id(), entry);
    inFlight++;
    wire.accept(frame);
  }

  private void refuse(Entry entry, ParleyException reason) {
    takeOut(entry.id());
    state.removeUnsent(List.of(entry.id()));
    Loop.tell(() -> listener.onRefused(entry.message, reason));
    entry.acked.completeExceptionally(reason);
  }

  private Entry takeOut(String id) {
    Entry entry = entries.remove(id);
    if (entry == null) {
      return null;
    }
    size.decrementAndGet();
    Lane lane = lanes.get(laneName(entry));
    if (lane != null) {
      if (lane.onWire.remove(id) != null) {
        inFlight--;
        lane.backoff.reset();
      } else {
        lane.waiting.remove(entry);
      }
    }
    return entry;
  }

  private Lane laneOf(Entry entry) {
    return lanes.computeIfAbsent(laneName(entry), Lane::new);
  }

  /** By user or by name, a direct conversation is one. */
  private String laneName(Entry entry) {
    String target = entry.message.target();
    if (!target.startsWith("user:")) {
      return target;
    }
    long other = Long.parseLong(target.substring(5));
    return "direct:" + Math.min(userId, other) + ":" + Math.max(userId, other);
  }

  /** A message and who waits for it. */
  private static final class Entry {
    final Unsent message;
    final CompletableFuture<Ack> acked;
    final long number = NUMBERS.incrementAndGet();
    boolean sentBefore;
    long sentAt;

    Entry(Unsent message, CompletableFuture<Ack> acked) {
      this.message = message;
      this.acked = acked;
    }

    String id() {
      return message.clientMessageId();
    }
  }

  /** The messages of one conversation: first those on the wire, then those that wait. */
  private final class Lane {
    final String name;
    final Deque<Entry> waiting = new ArrayDeque<>();
    final Map<String, Entry> onWire = new LinkedHashMap<>();
    final Backoff backoff = new Backoff(timing.leastPause(), timing.mostPause());
    boolean paused;

    Lane(String name) {
      this.name = name;
    }

    /** The entry and all after it go again, in order, after a pause. */
    void startAgain(Entry first, Duration notSooner) {
      if (!onWire.containsKey(first.id())) {
        return;
      }
      Deque<Entry> again = new ArrayDeque<>();
      boolean reached = false;
      for (Iterator<Entry> all = onWire.values().iterator(); all.hasNext(); ) {
        Entry entry = all.next();
        reached |= entry == first;
        if (reached) {
          again.addFirst(entry);
          all.remove();
          inFlight--;
        }
      }
      again.forEach(waiting::addFirst);
      if (!paused) {
        paused = true;
        loop.after(backoff.nextMs(notSooner), this::goOn);
      }
    }

    private void goOn() {
      paused = false;
      if (lanes.get(name) == this) {
        pump();
      }
    }
  }
}
