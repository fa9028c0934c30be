package chat.parley.connect;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.RoomChanged;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Tells a room's sessions who is in it (op 5) after every change of the membership: at most once a
 * second, so that five hundred who join at once cost a handful of lists. A change made here is told
 * to the other buckets that have the room, at the same pace.
 *
 * <p>Belongs to one event loop.
 */
final class RoomList {
  /** Changes within this time of the first one are told together. */
  private static final long COLLECT_MS = 20;

  private static final long PACE_MS = 1_000;
  private static final long NO_VERSION = Long.MIN_VALUE;

  private final RoomTopic room;
  private final Bucket bucket;
  private long lastTold = -PACE_MS;
  private long version = NO_VERSION;
  private boolean scheduled;
  private boolean othersToTell;
  private boolean ended;

  RoomList(RoomTopic room, Bucket bucket) {
    this.room = room;
    this.bucket = bucket;
  }

  /** The membership changed by a session of this bucket. */
  void changedHere() {
    othersToTell = true;
    changed();
  }

  /** The membership may have changed somewhere, or somebody needs the list again. */
  void changed() {
    if (!scheduled && !ended && room.live().succeeded()) {
      scheduled = true;
      long wait = Math.max(COLLECT_MS, lastTold + PACE_MS - bucket.now());
      bucket.vertx().setTimer(wait, timer -> tell());
    }
  }

  /** What the cluster says is the version of the membership: another one than was told is told. */
  void version(long current) {
    if (current != version) {
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
    scheduled = false;
    lastTold = bucket.now();
    if (othersToTell) {
      tellOthers();
    }
    if (ended || room.empty()) {
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
    StateFrame frame = new StateFrame(room.roomId(), members.size(), members);
    try {
      room.tell(frame);
    } finally {
      frame.release();
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
