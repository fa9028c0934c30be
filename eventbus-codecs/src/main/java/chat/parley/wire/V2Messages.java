package chat.parley.wire;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.v2.Batch;
import chat.parley.proto.v2.Message;
import java.util.List;

/** Chat messages of the bus as what a v2 client gets of them. Any thread. */
public final class V2Messages {
  private V2Messages() {}

  /**
   * The message without its conversation, which the frame around it names. Texts are handed over as
   * bytes: from the store they come as such, and each size and each frame needs them.
   */
  public static Message of(ChatMessage m) {
    return Message.newBuilder()
        .setSeq(m.getSeq())
        .setId(m.getId())
        .setAcceptedAt(m.getAcceptedAt())
        .setSenderId(m.getSenderId())
        .setSenderNameBytes(m.getSenderNameBytes())
        .setRecipientId(m.getRecipientId())
        .setRecipientNameBytes(m.getRecipientNameBytes())
        .setTextBytes(m.getTextBytes())
        .setClientMessageIdBytes(m.getClientMessageIdBytes())
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
