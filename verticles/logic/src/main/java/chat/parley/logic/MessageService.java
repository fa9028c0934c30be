package chat.parley.logic;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.Identity;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import io.vertx.core.Future;

/**
 * Accepts messages one by one. The sender is who the token belongs to, whatever else the request
 * says. Writing to oneself is allowed: the conversation of the pair (a, a) is a notebook, its
 * messages go to the user's own sessions.
 */
final class MessageService {
  private final Sessions sessions;
  private final UserNames names;
  private final Acceptance acceptance;
  private final boolean openRooms;

  MessageService(
      Sessions sessions,
      UserNames names,
      Acceptance acceptance,
      LogicSettings.RoomPosting roomPosting) {
    this.sessions = sessions;
    this.names = names;
    this.acceptance = acceptance;
    this.openRooms = roomPosting == LogicSettings.RoomPosting.OPEN;
  }

  /**
   * When the Future succeeds, the message is on disk and will reach everybody. One that nobody
   * waits for any more is not accepted: without an id the sender would say it twice.
   */
  Future<SendAck> send(SendMessage request, Deadline deadline) {
    Fields.token(request.getToken());
    Acceptance.check(request);
    return request.hasRoomId() ? toRoom(request, deadline) : toUser(request, deadline);
  }

  private Future<SendAck> toRoom(SendMessage request, Deadline deadline) {
    Future<Identity> sender =
        openRooms
            ? sessions.find(request.getToken())
            : sessions.inRoom(request.getToken(), request.getRoomId());
    return sender.compose(who -> accept(request, Acceptance.draft(request, who), deadline));
  }

  private Future<SendAck> toUser(SendMessage request, Deadline deadline) {
    return sessions
        .find(request.getToken())
        .compose(
            who ->
                names
                    .of(request.getToUserId())
                    .map(name -> name.orElseThrow(UserService::noSuchUser))
                    .compose(
                        name ->
                            accept(
                                request,
                                Acceptance.draft(request, who).setRecipientName(name),
                                deadline)));
  }

  private Future<SendAck> accept(
      SendMessage request, ChatMessage.Builder draft, Deadline deadline) {
    acceptance.admit(draft);
    if (!Acceptance.isResend(request)) {
      return acceptance.accept(draft, deadline);
    }
    return acceptance
        .before(draft)
        .compose(
            known ->
                known
                    .map(Future::succeededFuture)
                    .orElseGet(() -> acceptance.accept(draft, deadline)));
  }
}
