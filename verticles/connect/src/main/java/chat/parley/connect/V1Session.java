package chat.parley.connect;

import chat.parley.bus.ChatError;
import chat.parley.proto.Identity;
import chat.parley.wire.V1Json;
import io.netty.buffer.ByteBuf;
import io.vertx.core.json.DecodeException;

/**
 * One v1 client on one socket: what it sends, what it gets, and its deadlines. Pushed to until its
 * queue is over the bound, then it pulls until it is level again.
 *
 * <p>Belongs to one event loop.
 */
final class V1Session extends Session implements Seat {
  private static final long LOOK_AGAIN_MS = 500;

  private long pinged;
  private final Membership membership;
  private int roomIndex;
  private SendQueue sends;
  private CatchUp catchUp;
  private boolean known;
  private boolean hearsLastWords;

  V1Session(Carrier carrier, Bucket bucket) {
    super(carrier, bucket);
    this.pinged = openedAt();
    this.membership = new Membership(this, bucket);
  }

  /** Who the client is; null before it has joined. */
  @Override
  Identity identity() {
    return membership.identity();
  }

  /** The room joined; null before and after. */
  RoomTopic room() {
    return membership.room();
  }

  UserTopic user() {
    return membership.user();
  }

  @Override
  public Session session() {
    return this;
  }

  @Override
  public int index() {
    return roomIndex;
  }

  @Override
  public void index(int index) {
    roomIndex = index;
  }

  // What the client sends

  /** A WebSocket message: a join is all that there is. */
  void text(String json) {
    if (tooFast()) {
      close(CloseReason.TOO_FAST);
      return;
    }
    InboundFrame frame = parse(json);
    if (frame == null) {
      return;
    }
    if (frame.token().isEmpty()) {
      close(CloseReason.BAD_TOKEN);
    } else if (frame.roomId() <= 0) {
      close(CloseReason.BAD_FRAME, "roomId must be above 0");
    } else {
      membership.join(frame);
    }
  }

  /** A TCP frame. Ops that are not known here are ignored, as this wire always did. */
  void frame(String json) {
    InboundFrame frame = parse(json);
    if (frame == null || (frame.op() != V1Json.OP_JOIN_TCP && frame.op() != V1Json.OP_ROOM)) {
      return;
    }
    if (frame.token().isEmpty() || frame.roomId() <= 0) {
      close(CloseReason.BAD_FRAME);
    } else if (tooFast()) {
      refuse(frame.roomId(), tooFastError());
    } else if (frame.op() == V1Json.OP_ROOM) {
      send(frame);
    } else if (!closing()) {
      membership.join(frame);
    }
  }

  private InboundFrame parse(String json) {
    try {
      return InboundFrame.parse(json);
    } catch (DecodeException malformed) {
      close(CloseReason.BAD_FRAME);
      return null;
    }
  }

  private void send(InboundFrame frame) {
    if (sends == null) {
      sends = new SendQueue(this, (TcpCarrier) carrier(), bucket());
    }
    sends.add(frame);
  }

  @Override
  boolean busy() {
    return membership.joining() || sends != null && sends.busy();
  }

  @Override
  boolean listens() {
    return !closing() || hearsLastWords;
  }

  /** Tells a TCP client that a frame of its was not taken, unless it reads nothing anyway. */
  void refuse(long roomId, ChatError error) {
    if (out().drained()) {
      String date = bucket().json().date(System.currentTimeMillis());
      ((TcpCarrier) carrier()).refuse(roomId, error.getMessage(), date);
    }
  }

  /** The client has shown a good token, by a join or by a message that was accepted. */
  void known() {
    if (!known) {
      known = true;
      carrier().known();
    }
  }

  /** Another room was entered; what was missed of the one before is not wanted any more. */
  void roomChanged() {
    if (catchUp != null) {
      catchUp.roomChanged();
    }
  }

  // What the client gets

  @Override
  public void push(ByteBuf frames, long before, long last) {
    if (catchUp == null && !out().offer(frames)) {
      switchToPull(before);
    }
  }

  /** A direct message. */
  void pushDirect(String conversation, long seq, ByteBuf frame) {
    if (catchUp == null && !out().offer(frame)) {
      switchToPull(given());
    }
    if (catchUp != null) {
      catchUp.missedDirect(conversation, seq);
    }
  }

  /** A state, unless the session is behind: it gets a newer one when it has caught up. */
  @Override
  public void tell(StateFrame frame) {
    if (catchUp == null && !out().offer(frame.bytes(format()))) {
      switchToPull(given());
    }
  }

  /** Seq of the last message of the room that this session was given, while it is pushed to. */
  private long given() {
    return room() == null ? 0 : room().last();
  }

  /** Over the bound: nothing more is pushed; what was missed is fetched when the socket drains. */
  private void switchToPull(long roomAfter) {
    ConnectMetrics.slow();
    catchUp = new CatchUp(this, bucket(), roomAfter);
    bucket().catchingUp(catchUp);
    catchUp.run();
  }

  /** The session is level with its topics again: what comes next is pushed. */
  void switchToPush() {
    bucket().caughtUp(catchUp);
    catchUp = null;
    if (room() != null) {
      room().list().missed(this);
    }
  }

  @Override
  void drained() {
    if (catchUp != null) {
      catchUp.run();
    }
  }

  // Deadlines and the end

  @Override
  long next(long now) {
    if (!known) {
      long left = openedAt() + bucket().settings().joinDeadline().toMillis() - now;
      if (left > 0 || membership.joining()) {
        return Math.max(left, LOOK_AGAIN_MS); // A join under way ends by its own deadline.
      }
      close(CloseReason.NOT_JOINED);
      return 0;
    }
    return format() == WireFormat.V1_WEBSOCKET && catchUp == null ? listen(now) : ping(now);
  }

  private long listen(long now) {
    long silence = heard() + bucket().settings().pongDeadline().toMillis() - now;
    if (silence <= 0) {
      close(CloseReason.SILENT);
      return 0;
    }
    return Math.min(silence, ping(now));
  }

  private long ping(long now) {
    long interval = bucket().settings().pingInterval().toMillis();
    if (now - pinged >= interval) {
      pinged = now;
      if (catchUp == null) {
        carrier().ping();
      } else {
        heardNow(); // It is not asked while it is behind; its queue has a deadline of its own.
      }
    }
    return pinged + interval - now;
  }

  @Override
  void leave() {
    membership.leave();
    if (catchUp != null) {
      bucket().caughtUp(catchUp);
      catchUp.end();
    }
  }

  /** Who sends by TCP has no answers: what it says until it sees our end is taken as well. */
  @Override
  void sayGoodbye(CloseReason reason, String text) {
    hearsLastWords = reason == CloseReason.RESTART && sends != null;
    carrier().close(reason.code(), text);
  }
}
