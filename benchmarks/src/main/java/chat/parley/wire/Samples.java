package chat.parley.wire;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.Deliver;
import chat.parley.proto.TopicMessages;
import java.util.ArrayList;
import java.util.List;

/** Messages as people write them: about a hundred bytes of text, to a room. */
public final class Samples {
  public static final String ROOM = "room:7";

  /** With a quote and a few letters beyond ASCII, as texts have. */
  private static final String TEXT =
      "The build is green again, \"finally\"; merging after lunch. Grüße, and see you at the café.";

  private static final long ACCEPTED_AT = 1_750_000_000_000L;
  private static final long FIRST_ID = 123_456_789_012_345_678L;

  private Samples() {}

  /** Successive messages of one room. */
  public static List<ChatMessage> messages(int count) {
    List<ChatMessage> messages = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      messages.add(
          ChatMessage.newBuilder()
              .setConversation(ROOM)
              .setId(FIRST_ID + i)
              .setAcceptedAt(ACCEPTED_AT + i)
              .setSenderId(1_000 + i % 8)
              .setSenderName("user-" + i % 8)
              .setText(TEXT)
              .setClientMessageId("0197f3c2-5b1e-7c3a-9d52-" + (100_000_000_000L + i))
              .setSeq(1_000 + i)
              .build());
    }
    return messages;
  }

  /** What task sends to a node. */
  public static Deliver deliver(int messages) {
    return Deliver.newBuilder()
        .addTopics(TopicMessages.newBuilder().setTopic(ROOM).addAllMessages(messages(messages)))
        .build();
  }
}
