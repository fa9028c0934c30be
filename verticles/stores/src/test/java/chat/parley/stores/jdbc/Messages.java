package chat.parley.stores.jdbc;

import chat.parley.proto.ChatMessage;
import java.util.List;
import java.util.stream.LongStream;

/** Messages to store. */
final class Messages {
  private Messages() {}

  static ChatMessage message(String conversation, long seq) {
    return message(conversation, seq, "text " + seq).build();
  }

  static ChatMessage.Builder message(String conversation, long seq, String text) {
    return ChatMessage.newBuilder()
        .setConversation(conversation)
        .setSeq(seq)
        .setId(1_000_000 + seq)
        .setAcceptedAt(1_767_225_600_000L + seq)
        .setSenderId(7)
        .setSenderName("sender")
        .setText(text);
  }

  static List<ChatMessage> run(String conversation, long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(seq -> message(conversation, seq)).toList();
  }
}
