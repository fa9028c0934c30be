package chat.parley.wire;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.v2.Batch;
import chat.parley.proto.v2.Message;
import java.util.List;

/** Chat messages of the bus as what a v2 client gets of them. Any thread. */
public final class V2Messages {
  private V2Messages() {}

  /** The message without its conversation, which the frame around it names. */
  public static Message of(ChatMessage m) {
    return Message.newBuilder()
        .setSeq(m.getSeq())
        .setId(m.getId())
        .setAcceptedAt(m.getAcceptedAt())
        .setSenderId(m.getSenderId())
        .setSenderName(m.getSenderName())
        .setRecipientId(m.getRecipientId())
        .setRecipientName(m.getRecipientName())
        .setText(m.getText())
        .setClientMessageId(m.getClientMessageId())
        .build();
  }

  /**
   * @param messages of this conversation and in the order in which they are to be shown; their own
   *     conversation is not looked at
   */
  public static Batch batch(String conversation, List<ChatMessage> messages) {
    Batch.Builder batch = Batch.newBuilder().setConversation(conversation);
    messages.forEach(m -> batch.addMessages(of(m)));
    return batch.build();
  }
}
