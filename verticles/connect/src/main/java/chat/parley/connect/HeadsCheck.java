package chat.parley.connect;

import chat.parley.bus.LogicClient;
import chat.parley.proto.Heads;
import chat.parley.proto.ReadHeads;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Looks from time to time for what the bus lost: messages of rooms that were never delivered here,
 * memberships that changed unheard, and registrations that could not be made.
 *
 * <p>Belongs to one event loop.
 */
final class HeadsCheck {
  /** A stored message may still be on its way: only what is missing after this is fetched. */
  private static final long GRACE_MS = 250;

  private static final int ROOMS_PER_REQUEST = 500;

  private final Bucket bucket;
  private final LogicClient logic;
  private final long pauseMs;
  private boolean stopped;

  HeadsCheck(Bucket bucket, LogicClient logic, long pauseMs) {
    this.bucket = bucket;
    this.logic = logic;
    this.pauseMs = pauseMs;
  }

  void start() {
    long quarter = Math.max(1, pauseMs / 4);
    long pause = pauseMs - quarter + ThreadLocalRandom.current().nextLong(2 * quarter);
    bucket.vertx().setTimer(Math.max(1, pause), timer -> round());
  }

  void stop() {
    stopped = true;
  }

  /** Looks at all rooms now. */
  Future<?> now() {
    return look(bucket.topics().rooms());
  }

  /** Looks where a room begins that has just been subscribed; without an answer it does not. */
  Future<Void> begin(RoomTopic room) {
    // Not by the client that sessions which catch up share: they are to keep nobody from joining.
    return stored(List.of(room), bucket.logic())
        .onSuccess(
            heads -> {
              room.feed().begin(heads.getHeadsOrDefault(room.name(), 0));
              suspect(List.of(room), heads);
            })
        .mapEmpty();
  }

  /** Looks at the heads of some rooms now, at most a request's worth. */
  private Future<?> heads(List<RoomTopic> rooms) {
    return stored(rooms, logic).onSuccess(heads -> suspect(rooms, heads));
  }

  private static Future<Heads> stored(List<RoomTopic> rooms, LogicClient by) {
    ReadHeads.Builder request = ReadHeads.newBuilder();
    rooms.forEach(room -> request.addConversations(room.name()));
    return by.heads(request.build());
  }

  private void round() {
    if (!stopped) {
      bucket.settle();
      now().onComplete(done -> start());
    }
  }

  /** A failed look is not repeated: the next one comes soon. */
  private Future<?> look(List<RoomTopic> rooms) {
    if (rooms.isEmpty()) {
      return Future.succeededFuture();
    }
    List<RoomTopic> some = rooms.subList(0, Math.min(rooms.size(), ROOMS_PER_REQUEST));
    return Future.join(heads(some), versions(some))
        .transform(done -> look(rooms.subList(some.size(), rooms.size())));
  }

  private void suspect(List<RoomTopic> rooms, Heads heads) {
    Map<RoomTopic, Long> missing = new HashMap<>();
    for (RoomTopic room : rooms) {
      long head = heads.getHeadsOrDefault(room.name(), 0);
      if (head > room.last()) {
        missing.put(room, head);
      }
    }
    if (!missing.isEmpty()) {
      bucket
          .vertx()
          .setTimer(GRACE_MS, timer -> missing.forEach((room, head) -> room.feed().reach(head)));
    }
  }

  private Future<?> versions(List<RoomTopic> rooms) {
    List<Long> ids = new ArrayList<>(rooms.size());
    rooms.forEach(room -> ids.add(room.roomId()));
    return bucket
        .presence()
        .versions(ids)
        .onSuccess(
            versions ->
                rooms.forEach(
                    room -> room.list().version(versions.getOrDefault(room.roomId(), 0L))));
  }
}
