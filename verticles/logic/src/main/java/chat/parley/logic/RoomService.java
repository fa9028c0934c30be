package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.AskRoom;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.RoomAsked;
import chat.parley.proto.RoomFigure;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomMember;
import chat.parley.stores.Presence;
import chat.parley.stores.PushQueue;
import chat.parley.stores.SessionStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.SortedMap;

/** Admits sessions to rooms, and tells who is there to those who have joined. */
final class RoomService {
  private final SessionStore store;
  private final Sessions sessions;
  private final PushQueue queue;
  private final Presence presence;
  private final Nodes nodes;

  RoomService(
      SessionStore store, Sessions sessions, PushQueue queue, Presence presence, Nodes nodes) {
    this.store = store;
    this.sessions = sessions;
    this.queue = queue;
    this.presence = presence;
    this.nodes = nodes;
  }

  /**
   * Admits a session. The head is read after the admission: what is accepted later has a higher
   * seq.
   */
  Future<RoomJoined> join(JoinRoom request) {
    Fields.token(request.getToken());
    Fields.room(request.getRoomId());
    String conversation = Conversations.ofRoom(request.getRoomId());
    return store
        .admit(request.getToken(), request.getRoomId())
        .map(found -> found.orElseThrow(Sessions::unauthenticated))
        .compose(
            who ->
                queue
                    .heads(List.of(conversation))
                    .map(
                        heads ->
                            RoomJoined.newBuilder()
                                .setIdentity(who)
                                .setHead(heads.getOrDefault(conversation, 0L))
                                .build()));
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
    members.forEach(
        (id, name) -> figure.addMembers(RoomMember.newBuilder().setUserId(id).setUserName(name)));
    return figure;
  }

  private static ChatError emptyRoom() {
    return new ChatError(ErrorCode.NOT_FOUND, "rpc get room info fail!");
  }
}
