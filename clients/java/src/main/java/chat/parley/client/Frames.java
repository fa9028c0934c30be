package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.HistoryPage;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.SendAck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Between the frames of the wire and the types of the client. */
final class Frames {
  private Frames() {}

  static Message message(String conversation, chat.parley.proto.v2.Message message) {
    return new Message(
        conversation,
        message.getSeq(),
        message.getId(),
        Instant.ofEpochMilli(message.getAcceptedAt()),
        message.getSenderId(),
        message.getSenderName(),
        message.getRecipientId(),
        message.getRecipientName(),
        message.getText(),
        message.getClientMessageId());
  }

  static Ack ack(SendAck ack) {
    return new Ack(
        ack.getConversation(),
        ack.getSeq(),
        ack.getId(),
        Instant.ofEpochMilli(ack.getAcceptedAt()),
        ack.getRepeated(),
        ack.getClientMessageId());
  }

  static History history(HistoryPage page) {
    List<Message> messages =
        page.getMessagesList().stream().map(m -> message(page.getConversation(), m)).toList();
    return new History(page.getConversation(), messages, page.getHasMore());
  }

  static Members members(chat.parley.proto.v2.Members members) {
    List<Member> listed =
        members.getMembersList().stream()
            .map(member -> new Member(member.getUserId(), member.getUserName()))
            .toList();
    return new Members(members.getRoomId(), members.getCount(), listed);
  }

  static User user(chat.parley.proto.v2.User user) {
    return new User(user.getUserId(), user.getUserName(), user.getConversation());
  }

  static Joined joined(chat.parley.proto.v2.Joined joined) {
    return new Joined(
        joined.getRoomId(), joined.getConversation(), joined.getHead(), joined.getAfter());
  }

  static ParleyException error(chat.parley.proto.v2.Error error) {
    return new ParleyException(
        error.getCode().name(),
        error.getMessage(),
        error.getRetryable(),
        Duration.ofMillis(Math.max(0, error.getRetryAfterMs())),
        null);
  }

  static ClientFrame send(Unsent message, boolean resend) {
    Send.Builder send =
        Send.newBuilder()
            .setClientMessageId(message.clientMessageId())
            .setText(message.text())
            .setResend(resend);
    String target = message.target();
    if (target.startsWith("room:")) {
      send.setRoomId(Long.parseLong(target.substring(5)));
    } else if (target.startsWith("user:")) {
      send.setToUserId(Long.parseLong(target.substring(5)));
    } else {
      send.setConversation(target);
    }
    return ClientFrame.newBuilder().setSend(send).build();
  }

  static List<Position> positions(Map<String, Long> cursors) {
    return cursors.entrySet().stream()
        .map(e -> Position.newBuilder().setConversation(e.getKey()).setSeq(e.getValue()).build())
        .toList();
  }
}
