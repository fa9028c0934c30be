package chat.parley.connect;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.RoomChanged;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Tells a room's v1 sessions who is in it (op 5) after every change of the membership: at most once
 * a second, so that five hundred who join at once cost a handful of lists. A change made here is
 * told to the other buckets that have the room, at the same pace.
 *
 * <p>A list is as long as the room, and everybody gets it: in a large room those who have been told
 * before hear of changes less often, so that the lists of a room stay below {@link
 * #BYTES_PER_SECOND}. Who has just come in does not wait for that.
 *
 * <p>Belongs to one event loop.
 */
final class RoomList {
  /** Changes within this time of the first one are told together. */
  private static final long COLLECT_MS = 20;

  private static final long PACE_MS = 1_000;

  /** Reached by six hundred members or so. */
  private static final long BYTES_PER_SECOND = 8L * 1024 * 1024;

  private static final long NO_VERSION = Long.MIN_VALUE;
  private static final long NONE = -1;

  private final RoomTopic room;
  private final Bucket bucket;
  private final Set<Seat> untold = new HashSet<>(0);
  private int listeners;
  private long lastTold = -PACE_MS;
  private long nextForAll = Long.MIN_VALUE;
  private long version = NO_VERSION;
  private long timer = NONE;
  private long due;
  private boolean behind;
  private boolean othersToTell;
  private boolean ended;

  RoomList(RoomTopic room, Bucket bucket) {
    this.room = room;
    this.bucket = bucket;
  }

  /** A session has come in, and has no list yet. v2 sessions ask for theirs. */
  void entered(Seat seat) {
    if (!seat.format().v2()) {
      listeners++;
      untold.add(seat);
      plan();
    }
  }

  void left(Seat seat) {
    if (!seat.format().v2()) {
      listeners--;
      untold.remove(seat);
    }
  }

  /** A session was not told while it was behind. */
  void missed(Seat seat) {
    untold.add(seat);
    plan();
  }

  /** The membership changed by a session of this bucket. */
  void changedHere() {
    othersToTell = true;
    changed();
  }

  /** The membership may have changed somewhere. */
  void changed() {
    behind = true;
    plan();
  }

  private void plan() {
    if (ended || !room.live().succeeded()) {
      return;
    }
    long now = bucket.now();
    boolean soon = othersToTell || !untold.isEmpty();
    long at = Math.max(now + COLLECT_MS, lastTold + PACE_MS);
    at = soon ? at : Math.max(at, nextForAll);
    if (timer != NONE && due <= at) {
      return;
    }
    bucket.vertx().cancelTimer(timer);
    due = at;
    timer = bucket.vertx().setTimer(at - now, elapsed -> tell());
  }

  /** What the cluster says is the version of the membership: another one than was told is told. */
  void version(long current) {
    if (current != version && listeners > 0) {
      changed();
    }
  }

  /** No more is told to this bucket's sessions; what others should know is told to them now. */
  void end() {
    ended = true;
    if (othersToTell) {
      tellOthers();
    }
  }

  private void tell() {
    timer = NONE;
    lastTold = bucket.now();
    if (othersToTell) {
      tellOthers();
    }
    if (ended || listeners == 0) {
      return;
    }
    if (untold.isEmpty() && lastTold < nextForAll) {
      plan();
      return;
    }
    // The version is read before the members: a change between the two is told once more.
    bucket
        .presence()
        .versions(List.of(room.roomId()))
        .compose(
            versions ->
                bucket.presence().members(room.roomId()).onSuccess(m -> tellHere(versions, m)))
        .onFailure(e -> version = NO_VERSION);
  }

  private void tellHere(Map<Long, Long> versions, SortedMap<Long, String> members) {
    version = versions.getOrDefault(room.roomId(), 0L);
    List<Seat> newcomers = List.copyOf(untold);
    untold.clear();
    StateFrame frame = new StateFrame(room.roomId(), members.size(), members);
    try {
      if (bucket.now() < nextForAll) {
        newcomers.forEach(seat -> seat.tell(frame));
        bucket.flush();
      } else {
        behind = false;
        room.tell(frame);
        long bytes = frame.size() * listeners;
        nextForAll = bucket.now() + Math.max(PACE_MS, bytes * 1_000 / BYTES_PER_SECOND);
      }
    } finally {
      frame.release();
    }
    if (behind) {
      plan();
    }
  }

  /** At most once, as events are: a lost one is found by the version. */
  private Future<Void> tellOthers() {
    othersToTell = false;
    RoomChanged event = RoomChanged.newBuilder().setRoomId(room.roomId()).build();
    bucket.node().tellSiblings(event, bucket);
    return bucket
        .cluster()
        .nodesOf(List.of(room.name()))
        .onSuccess(nodes -> send(event, nodes.getOrDefault(room.name(), Set.of())))
        .mapEmpty();
  }

  private void send(RoomChanged event, Set<String> nodes) {
    for (String node : nodes) {
      if (!node.equals(bucket.node().nodeId())) {
        bucket.vertx().eventBus().send(Addresses.eventsOf(node), event, ProtoCodec.options());
      }
    }
  }
}
