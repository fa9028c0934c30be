package chat.parley.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.Deliver;
import chat.parley.proto.TopicMessages;
import com.google.protobuf.Message;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProtoCodecTest {
  private final MessageCodec<Message, Message> codec = codec();

  @Test
  void everyMessageOfTheContractComesBackFromTheWireAsItWas() {
    for (Message message : Contract.MESSAGES) {
      assertThat(overTheWire(message)).isEqualTo(message);
    }
    assertThat(overTheWire(delivery())).isEqualTo(delivery());
  }

  @Test
  void insideAProcessTheSameObjectArrives() {
    Deliver message = delivery();
    assertThat(codec.transform(message)).isSameAs(message);
  }

  @Test
  void anUnknownWireVersionIsRefusedByName() {
    Buffer wire = encode(delivery());
    wire.setByte(0, (byte) 9);
    assertThatThrownBy(() -> codec.decodeFromWire(0, wire)).hasMessageContaining("version 9");
  }

  @Test
  void anUnknownMessageIsRefusedByName() {
    byte[] name = "parley.v1.Nothing".getBytes(StandardCharsets.US_ASCII);
    Buffer wire = Buffer.buffer().appendByte((byte) 1).appendByte((byte) name.length);
    wire.appendBytes(name).appendInt(0);
    assertThatThrownBy(() -> codec.decodeFromWire(0, wire))
        .hasMessageContaining("parley.v1.Nothing");
  }

  @Test
  void aHostileLengthIsRefusedBeforeAnythingIsRead() {
    Buffer wire = encode(delivery());
    int lengthAt = 2 + wire.getUnsignedByte(1);
    wire.setInt(lengthAt, Integer.MAX_VALUE);
    assertThatThrownBy(() -> codec.decodeFromWire(0, wire)).hasMessageContaining("claims");
  }

  private Message overTheWire(Message message) {
    return codec.decodeFromWire(0, encode(message));
  }

  private Buffer encode(Message message) {
    Buffer wire = Buffer.buffer();
    codec.encodeToWire(wire, message);
    return wire;
  }

  private static Deliver delivery() {
    ChatMessage message = ChatMessage.newBuilder().setConversation("room:7").setText("hé").build();
    return Deliver.newBuilder()
        .addTopics(TopicMessages.newBuilder().setTopic("room:7").addMessages(message))
        .build();
  }

  private static MessageCodec<Message, Message> codec() {
    return new ProtoCodec();
  }
}
