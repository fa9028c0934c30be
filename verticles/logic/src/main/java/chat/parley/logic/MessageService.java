package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.Identity;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.stores.MessageStore;
import chat.parley.stores.PushQueue;
import chat.parley.wire.V1Json;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Accepts messages. The sender is who the token belongs to, whatever else the request says. Writing
 * to oneself is allowed: the conversation of the pair (a, a) is a notebook, its messages go to the
 * user's own sessions.
 */
final class MessageService {
  private final Sessions sessions;
  private final UserNames names;
  private final RateLimit rate;
  private final PushQueue queue;
  private final MessageStore stored;
  private final LongSupplier ids;
  private final Waker waker;
  private final Clock clock;
  private final boolean openRooms;

  MessageService(
      Sessions sessions,
      UserNames names,
      RateLimit rate,
      PushQueue queue,
      MessageStore stored,
      LongSupplier ids,
      Waker waker,
      Clock clock,
      LogicSettings.RoomPosting roomPosting) {
    this.sessions = sessions;
    this.names = names;
    this.rate = rate;
    this.queue = queue;
    this.stored = stored;
    this.ids = ids;
    this.waker = waker;
    this.clock = clock;
    this.openRooms = roomPosting == LogicSettings.RoomPosting.OPEN;
  }

  /** When the Future succeeds, the message is on disk and will reach everybody. */
  Future<SendAck> send(SendMessage request) {
    Fields.token(request.getToken());
    Fields.text(request.getText());
    Fields.clientMessageId(request.getClientMessageId());
    return switch (request.getTargetCase()) {
      case ROOM_ID -> toRoom(request);
      case TO_USER_ID -> toUser(request);
      case TARGET_NOT_SET -> Future.failedFuture(Fields.bad("roomId or toUserId must be set"));
    };
  }

  private Future<SendAck> toRoom(SendMessage request) {
    long roomId = request.getRoomId();
    Fields.room(roomId);
    Future<Identity> sender =
        openRooms ? sessions.find(request.getToken()) : sessions.inRoom(request.getToken(), roomId);
    return sender.compose(
        who -> accept(request, draft(request, who).setConversation(Conversations.ofRoom(roomId))));
  }

  private Future<SendAck> toUser(SendMessage request) {
    long recipient = request.getToUserId();
    Fields.recipient(recipient);
    return sessions
        .find(request.getToken())
        .compose(
            who ->
                names
                    .of(recipient)
                    .map(name -> name.orElseThrow(MessageService::noSuchUser))
                    .compose(
                        name ->
                            accept(
                                request,
                                draft(request, who)
                                    .setConversation(
                                        Conversations.ofPair(who.getUserId(), recipient))
                                    .setRecipientId(recipient)
                                    .setRecipientName(name))));
  }

  private Future<SendAck> accept(SendMessage request, ChatMessage.Builder draft) {
    rate.take(draft.getSenderId());
    if (!V1Json.fits(draft.getText(), draft.getSenderName(), draft.getRecipientName())) {
      throw Fields.tooLarge(
          "msg is too long: with its names it must fit a frame of "
              + V1Json.MAX_FRAME_BODY
              + " bytes");
    }
    return acceptedLongAgo(request, draft)
        .compose(known -> known.map(Future::succeededFuture).orElseGet(() -> acceptNow(draft)));
  }

  /**
   * The queue remembers for minutes; for what is older the store is asked, if it may be a retry.
   */
  private Future<Optional<SendAck>> acceptedLongAgo(
      SendMessage request, ChatMessage.Builder draft) {
    if (!request.getResend() || request.getClientMessageId().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return stored.byClientMessageId(
        draft.getConversation(), draft.getSenderId(), request.getClientMessageId());
  }

  private Future<SendAck> acceptNow(ChatMessage.Builder draft) {
    ChatMessage message = draft.setId(ids.getAsLong()).setAcceptedAt(clock.millis()).build();
    return queue.accept(message).onSuccess(ack -> waker.accepted(message.getConversation()));
  }

  private static ChatMessage.Builder draft(SendMessage request, Identity sender) {
    return ChatMessage.newBuilder()
        .setSenderId(sender.getUserId())
        .setSenderName(sender.getUserName())
        .setText(request.getText())
        .setClientMessageId(request.getClientMessageId())
        .setV1RoomId(request.getV1RoomId());
  }

  private static ChatError noSuchUser() {
    return new ChatError(ErrorCode.NOT_FOUND, "no such user");
  }
}
