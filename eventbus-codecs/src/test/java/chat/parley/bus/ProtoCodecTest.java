package chat.parley.bus;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.Deliver;
import chat.parley.proto.TopicMessages;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoCodecTest {
  private static final int OURS = ProtoCodec.WIRE_VERSION;

  private final MessageCodec<Object, Object> codec = new ProtoCodec();

  @Test
  void everyMessageOfTheContractComesBackFromTheWireAsItWas() {
    for (Message message : Contract.MESSAGES) {
      Message filled = Filled.of(message);
      assertThat(codec.decodeFromWire(0, encode(codec, filled))).isEqualTo(filled);
    }
  }

  /** What the other one has added is kept and not looked at. */
  @Test
  void neighbouringVersionsReadEveryMessageOfEachOther() {
    ProtoCodec next = new ProtoCodec(OURS + 1);
    for (Message message : Contract.MESSAGES) {
      Message filled = Filled.of(message);
      Message read = (Message) codec.decodeFromWire(0, encode(next, filled));
      assertThat(read.getUnknownFields().asMap()).as("what is new in %s", read).isNotEmpty();
      assertThat(withoutWhatIsNew(read)).isEqualTo(filled);
      assertThat(next.decodeFromWire(0, encode(codec, filled))).isEqualTo(filled);
    }
  }

  private static Message withoutWhatIsNew(Message message) {
    return message.toBuilder().setUnknownFields(UnknownFieldSet.getDefaultInstance()).build();
  }

  @Test
  void howLongSomebodyWaitsCrossesTheWireBehindTheMessage() {
    for (Message message : Contract.MESSAGES) {
      Asked asked = Asked.now(Filled.of(message), 5_000);
      Buffer wire = encode(codec, asked);
      assertThat(codec.decodeFromWire(0, wire)).isEqualTo(asked);
      // A later version may say more behind it.
      assertThat(codec.decodeFromWire(0, wire.appendInt(7))).isEqualTo(asked);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {OURS + 2, 9, 255})
  void aVersionTooFarAwayIsRefusedByNameAndMayBeUnderstoodElsewhere(int version) {
    Buffer wire = encode(new ProtoCodec(version), delivery());
    ChatError refusal = refusal(wire);
    assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refusal)
        .hasMessageContaining("version " + version)
        .hasMessageContaining("from " + OURS);
  }

  @Test
  void insideAProcessTheSameObjectArrives() {
    Deliver message = delivery();
    assertThat(codec.transform(message)).isSameAs(message);
  }

  @Test
  void anUnknownMessageIsRefusedByName() {
    byte[] name = "parley.v1.Nothing".getBytes(StandardCharsets.US_ASCII);
    Buffer wire = Buffer.buffer().appendByte((byte) 1).appendByte((byte) name.length);
    wire.appendBytes(name).appendInt(0);
    assertThat(refusal(wire)).hasMessageContaining("parley.v1.Nothing");
  }

  @Test
  void aHostileLengthIsRefusedBeforeAnythingIsRead() {
    Buffer wire = encode(codec, delivery());
    int lengthAt = 2 + wire.getUnsignedByte(1);
    wire.setInt(lengthAt, Integer.MAX_VALUE);
    assertThat(refusal(wire)).hasMessageContaining("claims");
  }

  /** A decoder that throws would leave a request without an end. */
  @Test
  void bytesThatEndTooEarlyAreRefusedAndNothingIsThrown() {
    Buffer whole = encode(codec, delivery());
    for (int length = 0; length < whole.length(); length++) {
      assertThat(refusal(whole.getBuffer(0, length)).code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }
    Buffer asked = encode(codec, Asked.now(delivery(), 5_000));
    for (int length = whole.length(); length < asked.length(); length++) {
      assertThat(codec.decodeFromWire(0, asked.getBuffer(0, length))).isEqualTo(delivery());
    }
  }

  private ChatError refusal(Buffer wire) {
    return ((Unreadable) codec.decodeFromWire(0, wire)).refusal();
  }

  private static Buffer encode(MessageCodec<Object, Object> codec, Object message) {
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
}
