package chat.parley.logic;

import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.Identity;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.stores.PushQueue;
import chat.parley.wire.V1Json;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How a request to send becomes an accepted message, alone or among others. */
final class Acceptance {
  private final RateLimit rate;
  private final Resends resends;
  private final PushQueue queue;
  private final LongSupplier ids;
  private final Waker waker;
  private final Clock clock;
  private final FirstAlone<String> ofConversations = new FirstAlone<>();

  Acceptance(
      RateLimit rate,
      Resends resends,
      PushQueue queue,
      LongSupplier ids,
      Waker waker,
      Clock clock) {
    this.rate = rate;
    this.resends = resends;
    this.queue = queue;
    this.ids = ids;
    this.waker = waker;
    this.clock = clock;
  }

  /** What can be said of a request without knowing its sender. */
  static void check(SendMessage request) {
    Fields.text(request.getText());
    Fields.clientMessageId(request.getClientMessageId());
    switch (request.getTargetCase()) {
      case ROOM_ID -> Fields.room(request.getRoomId());
      case TO_USER_ID -> Fields.recipient(request.getToUserId());
      case TARGET_NOT_SET -> throw Fields.bad("roomId or toUserId must be set");
    }
  }

  /** The message of a checked request, complete but for a recipient's name, its id and time. */
  static ChatMessage.Builder draft(SendMessage request, Identity sender) {
    ChatMessage.Builder draft =
        ChatMessage.newBuilder()
            .setSenderId(sender.getUserId())
            .setSenderName(sender.getUserName())
            .setText(request.getText())
            .setClientMessageId(request.getClientMessageId())
            .setV1RoomId(request.getV1RoomId());
    return request.hasRoomId()
        ? draft.setConversation(Conversations.ofRoom(request.getRoomId()))
        : draft
            .setConversation(Conversations.ofPair(sender.getUserId(), request.getToUserId()))
            .setRecipientId(request.getToUserId());
  }

  /**
   * Lets a message with all its names pass, or not.
   *
   * @throws chat.parley.bus.ChatError {@code RATE_LIMITED}, {@code TOO_LARGE}
   */
  void admit(ChatMessage.Builder draft) {
    rate.take(draft.getSenderId());
    if (!V1Json.fits(draft.getText(), draft.getSenderName(), draft.getRecipientName())) {
      throw Fields.tooLarge(
          "the text is too long: with the names it must fit a frame of "
              + V1Json.MAX_FRAME_BODY
              + " bytes");
    }
  }

  /** Whether a message is to be looked for among those accepted, before it is accepted. */
  static boolean isResend(SendMessage request) {
    return request.getResend() && !request.getClientMessageId().isEmpty();
  }

  /** See {@link Resends#find}. */
  Future<Optional<SendAck>> before(ChatMessage.Builder draft) {
    return resends.find(draft);
  }

  /**
   * Accepts a message, unless nobody waits for it any more; calls for one conversation take effect
   * in their order.
   */
  Future<SendAck> accept(ChatMessage.Builder draft, Deadline deadline) {
    return ofConversations.call(
        draft.getConversation(),
        () ->
            deadline.before(
                () -> {
                  ChatMessage message = complete(draft);
                  return queue.accept(message).map(accepted -> acknowledged(message, accepted));
                }));
  }

  /** See {@link PushQueue#acceptInOrder}; in the order of the calls too. */
  Future<List<Optional<SendAck>>> acceptInOrder(List<ChatMessage.Builder> drafts) {
    return ofConversations.call(
        drafts.get(0).getConversation(),
        () -> {
          List<ChatMessage> messages = drafts.stream().map(this::complete).toList();
          return queue.acceptInOrder(messages).map(accepted -> acknowledged(messages, accepted));
        });
  }

  private List<Optional<SendAck>> acknowledged(
      List<ChatMessage> messages, List<Optional<PushQueue.Accepted>> accepted) {
    List<Optional<SendAck>> acks = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      ChatMessage message = messages.get(i);
      acks.add(accepted.get(i).map(one -> acknowledged(message, one)));
    }
    return acks;
  }

  private SendAck acknowledged(ChatMessage message, PushQueue.Accepted accepted) {
    waker.accepted(message, accepted);
    if (!accepted.ack().getRepeated()) {
      LogicMetrics.accepted();
    }
    return accepted.ack();
  }

  private ChatMessage complete(ChatMessage.Builder draft) {
    return draft.setId(ids.getAsLong()).setAcceptedAt(clock.millis()).build();
  }
}
