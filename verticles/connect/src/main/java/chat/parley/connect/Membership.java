package chat.parley.connect;

import chat.parley.bus.ChatError;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.RoomJoined;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;

/**
 * Which room a session is in, and as whom.
 *
 * <p>Joins of one socket are made one after another; of those that arrive meanwhile only the newest
 * is kept. Whatever was entered is left exactly once, also when the socket closes while a join is
 * under way.
 *
 * <p>Belongs to one event loop.
 */
final class Membership {
  private final V1Session session;
  private final Bucket bucket;
  private Identity identity;
  private RoomTopic room;
  private UserTopic user;
  private InboundFrame next;
  private boolean joining;

  Membership(V1Session session, Bucket bucket) {
    this.session = session;
    this.bucket = bucket;
  }

  Identity identity() {
    return identity;
  }

  RoomTopic room() {
    return room;
  }

  UserTopic user() {
    return user;
  }

  /** Whether a join is under way; it ends by its own deadline. */
  boolean joining() {
    return joining;
  }

  /** Joins a room, in place of the one that was joined before; the same room again is no change. */
  void join(InboundFrame frame) {
    if (joining) {
      next = frame;
      return;
    }
    joining = true;
    JoinRoom request =
        JoinRoom.newBuilder().setToken(frame.token()).setRoomId(frame.roomId()).build();
    bucket
        .turns()
        .take(session, () -> bucket.logic().joinRoom(request))
        .onComplete(answer -> admitted(answer, frame.roomId()));
  }

  /** Leaves everything. Idempotent. */
  void leave() {
    next = null;
    leaveRoom();
    if (user != null) {
      user.leave(session);
      user = null;
    }
  }

  private void admitted(AsyncResult<RoomJoined> answer, long roomId) {
    if (session.closing()) {
      return; // Nothing was entered yet, so nothing has to be left.
    }
    if (answer.failed()) {
      ChatError error = ChatError.of(answer.cause());
      bucket.report(error);
      session.close(CloseReason.of(error));
      return;
    }
    enter(answer.result(), roomId).onComplete(this::entered);
  }

  private Future<?> enter(RoomJoined joined, long roomId) {
    Identity who = joined.getIdentity();
    if (identity != null && identity.getUserId() != who.getUserId()) {
      leaveAs();
    }
    identity = who;
    if (room == null || room.roomId() != roomId) {
      leaveRoom();
      room = bucket.enterRoom(session, roomId, joined.getHead());
      session.roomChanged();
    }
    if (user == null) {
      user = bucket.enterUser(session);
    }
    return Future.all(room.live(), user.live());
  }

  private void entered(AsyncResult<?> live) {
    joining = false;
    if (session.closing()) {
      return;
    }
    if (live.failed()) {
      bucket.report(ChatError.of(live.cause()));
      session.close(CloseReason.TRY_AGAIN);
      return;
    }
    session.known();
    if (next != null) {
      InboundFrame frame = next;
      next = null;
      join(frame);
    }
  }

  /** The socket goes on as another user; a join that waits is that user's. */
  private void leaveAs() {
    InboundFrame waiting = next;
    leave();
    next = waiting;
  }

  private void leaveRoom() {
    if (room != null) {
      room.leave(session);
      room = null;
    }
  }
}
