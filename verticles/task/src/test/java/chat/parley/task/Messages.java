package chat.parley.task;

import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import java.util.List;
import java.util.stream.LongStream;

/** Messages for tests. */
final class Messages {
  private Messages() {}

  static ChatMessage inRoom(long roomId, String text) {
    return ChatMessage.newBuilder()
        .setConversation(Conversations.ofRoom(roomId))
        .setId(roomId * 1_000_000 + text.hashCode())
        .setAcceptedAt(System.currentTimeMillis())
        .setSenderId(1)
        .setSenderName("ann")
        .setText(text)
        .build();
  }

  static ChatMessage direct(long from, long to, String text) {
    return inRoom(0, text).toBuilder()
        .setConversation(Conversations.ofPair(from, to))
        .setSenderId(from)
        .setSenderName("user " + from)
        .setRecipientId(to)
        .setRecipientName("user " + to)
        .build();
  }

  static ChatMessage numbered(ChatMessage message, long seq) {
    return message.toBuilder().setSeq(seq).build();
  }

  static List<Long> seqs(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }
}
