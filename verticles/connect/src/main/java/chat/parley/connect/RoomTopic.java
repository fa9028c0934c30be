package chat.parley.connect;

import chat.parley.bus.Conversations;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A room at one bucket: its sessions, where they stand, who of them is present.
 *
 * <p>Every session that is not catching up has been given everything up to {@link #last}, since it
 * entered.
 *
 * <p>Belongs to one event loop.
 */
final class RoomTopic extends Topic implements Feed.Sink {
  private final long roomId;
  private final Bucket bucket;
  private final Feed feed;
  private final LocalMembers members;
  private final RoomList list;
  private final List<V1Session> sessions = new ArrayList<>();

  /**
   * @param head seq of the room's newest message when the first session was admitted. What was
   *     accepted between that moment and the end of the subscription may not be delivered here;
   *     since the feed begins at this head, it is a gap, and found by the next message or by the
   *     look at the heads that follows the subscription.
   */
  RoomTopic(long roomId, long head, Bucket bucket) {
    super(Conversations.ofRoom(roomId));
    this.roomId = roomId;
    this.bucket = bucket;
    this.feed = Feed.after(head, name(), bucket.store(), this);
    this.members = new LocalMembers(roomId, bucket);
    this.list = new RoomList(this, bucket);
  }

  long roomId() {
    return roomId;
  }

  /** Seq of the newest message given. */
  long last() {
    return feed.last();
  }

  Feed feed() {
    return feed;
  }

  RoomList list() {
    return list;
  }

  LocalMembers members() {
    return members;
  }

  void enter(V1Session session) {
    session.roomIndex(sessions.size());
    sessions.add(session);
    if (members.enter(session.identity())) {
      list.changedHere();
    }
  }

  void leave(V1Session session) {
    int index = session.roomIndex();
    V1Session moved = sessions.remove(sessions.size() - 1);
    if (moved != session) {
      sessions.set(index, moved);
      moved.roomIndex(index);
    }
    if (members.leave(session.identity().getUserId())) {
      list.changedHere();
    }
    if (sessions.isEmpty()) {
      bucket.topics().emptied(this, bucket.now());
    }
  }

  @Override
  boolean empty() {
    return sessions.isEmpty();
  }

  @Override
  void deliver(EncodedBatch batch) {
    feed.offer(batch, 0, batch.size());
  }

  @Override
  void end() {
    feed.end();
    list.end();
  }

  /** The hot path: the same bytes to every session. */
  @Override
  public void give(EncodedBatch batch, int from, int to) {
    long before = batch.seq(from) - 1;
    ByteBuf webSocket = null;
    ByteBuf tcp = null;
    for (int i = 0, n = sessions.size(); i < n; i++) {
      V1Session session = sessions.get(i);
      if (session.format() == WireFormat.WEBSOCKET) {
        if (webSocket == null) {
          webSocket = batch.frames(WireFormat.WEBSOCKET, from, to, bucket.json());
        }
        session.push(webSocket, before);
      } else {
        if (tcp == null) {
          tcp = batch.frames(WireFormat.TCP, from, to, bucket.json());
        }
        session.push(tcp, before);
      }
    }
    bucket.flush();
  }

  /** Tells every session a state. */
  void tell(StateFrame frame) {
    for (int i = 0, n = sessions.size(); i < n; i++) {
      sessions.get(i).tell(frame);
    }
    bucket.flush();
  }
}
