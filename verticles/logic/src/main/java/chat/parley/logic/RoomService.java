package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.AskRoom;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.LeaveRoom;
import chat.parley.proto.ReadMembers;
import chat.parley.proto.RoomAsked;
import chat.parley.proto.RoomFigure;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.RoomMember;
import chat.parley.proto.RoomMembers;
import chat.parley.stores.CursorStore;
import chat.parley.stores.Presence;
import chat.parley.stores.PushQueue;
import chat.parley.stores.SessionStore;
import chat.parley.stores.SessionStore.Asker;
import io.vertx.core.Future;
import java.util.List;
import java.util.SortedMap;

/** Admits sessions to rooms, and tells who is there to those who have joined. */
final class RoomService {
  /** Of a v2 member list. */
  private static final int MAX_NAMED = 1_000;

  private final SessionStore store;
  private final Sessions sessions;
  private final PushQueue queue;
  private final CursorStore cursors;
  private final Presence presence;
  private final Nodes nodes;

  RoomService(
      SessionStore store,
      Sessions sessions,
      PushQueue queue,
      CursorStore cursors,
      Presence presence,
      Nodes nodes) {
    this.store = store;
    this.sessions = sessions;
    this.queue = queue;
    this.cursors = cursors;
    this.presence = presence;
    this.nodes = nodes;
  }

  /**
   * Admits a session, and its device if it has one. The head is read after the admission: what is
   * accepted later has a higher seq. A connection that was replaced is told so and joins nothing.
   */
  Future<RoomJoined> join(JoinRoom request, Deadline deadline) {
    Fields.token(request.getToken());
    Fields.room(request.getRoomId());
    String conversation = Conversations.ofRoom(request.getRoomId());
    Fields.cursor(conversation, request.getAfter());
    return store
        .admit(
            request.getToken(),
            List.of(request.getRoomId()),
            Asker.connection(request.getConnection()))
        .map(found -> found.orElseThrow(Sessions::unauthenticated))
        .compose(
            admitted ->
                admitted.replaced()
                    ? Future.succeededFuture(RoomJoined.newBuilder().setReplaced(true).build())
                    : joined(request, admitted.identity(), conversation, deadline));
  }

  private Future<RoomJoined> joined(
      JoinRoom request, Identity who, String conversation, Deadline deadline) {
    return queue
        .heads(List.of(conversation))
        .map(heads -> Standings.headIn(heads, conversation))
        .compose(
            head ->
                deadline
                    .before(() -> after(request, who, head))
                    .map(
                        after ->
                            RoomJoined.newBuilder()
                                .setIdentity(who)
                                .setHead(head)
                                .setAfter(after)
                                .build()));
  }

  /**
   * Takes a session and its device out of a room. The session goes first: when the device's cursor
   * is still there after a failure, its next connection brings it into the room again, and the
   * caller has been told that it may not have left.
   */
  Future<RoomLeft> leave(LeaveRoom request, Deadline deadline) {
    Fields.token(request.getToken());
    Fields.room(request.getRoomId());
    return store
        .leave(request.getToken(), request.getRoomId(), Asker.connection(request.getConnection()))
        .map(found -> found.orElseThrow(Sessions::unauthenticated))
        .compose(
            left ->
                left.replaced() || left.identity().getDeviceId() == 0
                    ? Future.succeededFuture(left)
                    : deadline
                        .before(() -> endCursor(left.identity(), request.getRoomId()))
                        .map(left))
        .map(left -> RoomLeft.newBuilder().setReplaced(left.replaced()).build());
  }

  private Future<?> endCursor(Identity who, long roomId) {
    return cursors.end(who.getDeviceId(), Conversations.ofRoom(roomId));
  }

  /** Who is in a room now, for a session that has joined it; of very many not all are named. */
  Future<RoomMembers> members(ReadMembers request) {
    Fields.token(request.getToken());
    Fields.room(request.getRoomId());
    return sessions
        .inRoom(request.getToken(), request.getRoomId())
        .compose(who -> presence.members(request.getRoomId()))
        .map(
            members -> {
              RoomMembers.Builder answer = RoomMembers.newBuilder().setCount(members.size());
              members.entrySet().stream()
                  .limit(MAX_NAMED)
                  .forEach(m -> answer.addMembers(member(m.getKey(), m.getValue())));
              return answer.build();
            });
  }

  /** Sends a room's count or member list to the caller's own sessions. */
  Future<RoomAsked> ask(AskRoom request) {
    Fields.token(request.getToken());
    Fields.room(request.getRoomId());
    long roomId = request.getRoomId();
    return switch (request.getWhat()) {
      case COUNT ->
          sessions
              .inRoom(request.getToken(), roomId)
              .compose(who -> count(roomId).compose(figure -> tell(who, figure)));
      case MEMBERS ->
          sessions
              .inRoom(request.getToken(), roomId)
              .recover(refusal -> emptyOr(roomId, refusal))
              .compose(who -> members(roomId).compose(figure -> tell(who, figure)));
      default -> Future.failedFuture(Fields.bad("what must be COUNT or MEMBERS"));
    };
  }

  /** From where the room is sent to a device, at the head at most (see {@link Standings#at}). */
  private Future<Long> after(JoinRoom request, Identity who, long head) {
    if (who.getDeviceId() == 0) {
      return Future.succeededFuture(0L);
    }
    long asked = request.hasAfter() ? Math.min(request.getAfter(), head) : head;
    return cursors
        .begin(who.getDeviceId(), Conversations.ofRoom(request.getRoomId()), asked)
        .map(there -> request.hasAfter() ? asked : Math.min(there, head));
  }

  private Future<RoomFigure.Builder> count(long roomId) {
    return presence.count(roomId).map(n -> figureOf(roomId, n));
  }

  private Future<RoomFigure.Builder> members(long roomId) {
    return presence
        .members(roomId)
        .map(
            members -> {
              if (members.isEmpty()) {
                throw emptyRoom();
              }
              return listOf(roomId, members);
            });
  }

  private Future<RoomAsked> tell(Identity who, RoomFigure.Builder figure) {
    RoomFigure told = figure.setForUserId(who.getUserId()).build();
    return nodes
        .tell(Conversations.topicOfUser(who.getUserId()), told)
        .map(sent -> RoomAsked.newBuilder().setCount(told.getCount()).build());
  }

  /** v1 says of an empty room that it is empty to everybody; who is in one only to who joined. */
  private Future<Identity> emptyOr(long roomId, Throwable refusal) {
    if (ChatError.of(refusal).code() != ErrorCode.FORBIDDEN) {
      return Future.failedFuture(refusal);
    }
    return presence.count(roomId).compose(n -> Future.failedFuture(n == 0 ? emptyRoom() : refusal));
  }

  private static RoomFigure.Builder figureOf(long roomId, int count) {
    return RoomFigure.newBuilder().setRoomId(roomId).setCount(count);
  }

  private static RoomFigure.Builder listOf(long roomId, SortedMap<Long, String> members) {
    RoomFigure.Builder figure = figureOf(roomId, members.size()).setWithMembers(true);
    members.forEach((id, name) -> figure.addMembers(member(id, name)));
    return figure;
  }

  private static RoomMember member(long userId, String name) {
    return RoomMember.newBuilder().setUserId(userId).setUserName(name).build();
  }

  private static ChatError emptyRoom() {
    return new ChatError(ErrorCode.NOT_FOUND, "rpc get room info fail!");
  }
}
