package chat.parley.connect;

import chat.parley.bus.Conversations;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final List<Seat> seats = new ArrayList<>();
  private final int[] seatsOf = new int[WireFormat.COUNT];
  private final ByteBuf[] frames = new ByteBuf[WireFormat.COUNT];

  /**
   * @param head seq of the room's newest accepted message when the first session was admitted. What
   *     was accepted between that moment and the end of the subscription may not be delivered here.
   *     The feed begins at this head, or at the store's when the store is behind: what is stored
   *     after it is a gap, found by the next message or by the look at the heads that follows the
   *     subscription.
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

  void enter(Seat seat) {
    seat.index(seats.size());
    seats.add(seat);
    seatsOf[seat.format().ordinal()]++;
    if (members.enter(seat.session().identity())) {
      list.changedHere();
    }
    list.entered(seat);
  }

  void leave(Seat seat) {
    seatsOf[seat.format().ordinal()]--;
    int index = seat.index();
    Seat moved = seats.remove(seats.size() - 1);
    if (moved != seat) {
      seats.set(index, moved);
      moved.index(index);
    }
    if (members.leave(seat.session().identity().getUserId())) {
      list.changedHere();
    }
    list.left(seat);
    if (seats.isEmpty()) {
      bucket.topics().emptied(this, bucket.now());
    }
  }

  @Override
  boolean empty() {
    return seats.isEmpty();
  }

  @Override
  boolean settled() {
    return members.settled();
  }

  @Override
  Future<Void> begin() {
    return bucket.heads().begin(this);
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
    long last = batch.seq(to - 1);
    for (int i = 0, n = seats.size(); i < n; i++) {
      Seat seat = seats.get(i);
      WireFormat format = seat.format();
      ByteBuf encoded = frames[format.ordinal()];
      if (encoded == null) {
        encoded = batch.frames(format, from, to, bucket.json());
        frames[format.ordinal()] = encoded;
      }
      seat.push(encoded, before, last);
    }
    ConnectMetrics.given((to - from) * (long) seats.size(), bytesGiven());
    Arrays.fill(frames, null);
    bucket.flush();
  }

  private long bytesGiven() {
    long bytes = 0;
    for (int format = 0; format < WireFormat.COUNT; format++) {
      bytes += frames[format] == null ? 0 : (long) frames[format].readableBytes() * seatsOf[format];
    }
    return bytes;
  }

  /** Tells every session a state. */
  void tell(StateFrame frame) {
    for (int i = 0, n = seats.size(); i < n; i++) {
      seats.get(i).tell(frame);
    }
    bucket.flush();
  }
}
