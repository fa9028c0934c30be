package chat.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class V2JsonTest {
  private static final String SECRET = "hunter2";
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "\"\\\u0000\u001f\n",
          "é漢字",
          "👩‍👩‍👧",
          "\u202bשלום\u202c",
          "</script>&'=\u2028");

  @Test
  void whatIsPrintedProtobufsOwnReaderTakes() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      ServerFrame frame =
          (ServerFrame) fill(ServerFrame.newBuilder(), ServerFrame.getDescriptor(), random);
      ServerFrame.Builder back = ServerFrame.newBuilder();
      JsonFormat.parser().merge(V2Json.print(frame), back);
      assertThat(back.build()).isEqualTo(frame);
    }
  }

  @Test
  void whatProtobufsOwnPrinterWritesIsRead() throws Exception {
    Random random = new Random(2);
    for (int i = 0; i < 2_000; i++) {
      ClientFrame frame =
          (ClientFrame) fill(ClientFrame.newBuilder(), ClientFrame.getDescriptor(), random);
      assertThat(V2Json.parse(JsonFormat.printer().print(frame))).isEqualTo(frame);
      assertThat(V2Json.parse(ProtoJsonWriter.print(frame))).isEqualTo(frame);
    }
  }

  @Test
  void aBatchIsOneLineWithoutSpacesAndKeepsItsLetters() {
    ChatMessage message =
        ChatMessage.newBuilder()
            .setConversation("room:7")
            .setSeq(42)
            .setSenderName("демо")
            .setText("don't <b> 👋")
            .build();
    ServerFrame frame =
        ServerFrame.newBuilder().setBatch(V2Messages.batch("room:7", List.of(message))).build();
    assertThat(V2Json.print(frame))
        .isEqualTo(
            "{\"batch\":{\"conversation\":\"room:7\",\"messages\":[{\"seq\":\"42\","
                + "\"senderName\":\"демо\",\"text\":\"don't <b> 👋\"}]}}");
  }

  @Test
  void everyFieldOfAChatMessageButItsConversationReachesTheClient() {
    ChatMessage m =
        ChatMessage.newBuilder()
            .setConversation("direct:3:9")
            .setId(1)
            .setAcceptedAt(2)
            .setSenderId(3)
            .setSenderName("demo")
            .setRecipientId(9)
            .setRecipientName("test")
            .setText("hello")
            .setClientMessageId("c1")
            .setSeq(4)
            .build();
    chat.parley.proto.v2.Message message = V2Messages.of(m);
    assertThat(message.getAllFields()).hasSize(message.getDescriptorForType().getFields().size());
    message
        .getAllFields()
        .forEach(
            (field, value) ->
                assertThat(value)
                    .isEqualTo(
                        m.getField(m.getDescriptorForType().findFieldByName(field.getName()))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"hello\":{\"token\":\"hunter2\",\"protocol\":\"hunter2\"}}|hello.protocol must be a whole",
        "{\"send\":{\"text\":\"hunter2\",\"roomId\":\"hunter2\"}}|send.roomId must be a whole number",
        "{\"send\":{\"text\":[\"hunter2\"]}}|send.text must be a string",
        "{\"hello\":{\"token\":{\"hunter2\":1}}}|hello.token must be a string",
        "{\"send\":{\"text\":\"hunter2}}|not JSON",
        "{\"send\":{\"text\":hunter2}}|not JSON",
        "{\"send\":{\"text\":\"hunter2\"}} hunter2|not JSON",
        "{\"send\":{\"text\":\"hunter2\"}} {}|something follows the end of the frame",
        "{\"send\":{\"text\":\"hunter2\",\"roomId\":1,\"toUserId\":2}}|send.toUserId cannot stand beside",
        "{\"acknowledge\":{\"positions\":[{},{\"seq\":\"hunter2\"}]}}|acknowledge.positions[1].seq must",
        "{\"hello\":{\"token\":\"hunter2\",\"token\":\"hunter2\"}}|hello.token is there twice",
        "{\"hello\":{\"backlog\":true,\"token\":\"hunter2\"}}|hello.backlog must be the name of a value",
      })
  void anErrorNamesThePlaceAndRepeatsNothing(String json, String reason) {
    assertThatExceptionOfType(MalformedFrameException.class)
        .isThrownBy(() -> V2Json.parse(json))
        .withMessageContaining(reason)
        .satisfies(
            e ->
                assertThat(Stream.iterate((Throwable) e, t -> t != null, Throwable::getCause))
                    .noneMatch(t -> String.valueOf(t.getMessage()).contains(SECRET)));
  }

  private static Message fill(Message.Builder message, Descriptor type, Random random) {
    for (FieldDescriptor field : type.getFields()) {
      if (random.nextInt(3) == 0) {
        continue;
      }
      if (field.isRepeated()) {
        for (int i = random.nextInt(4); i > 0; i--) {
          message.addRepeatedField(field, value(message, field, random));
        }
      } else {
        message.setField(field, value(message, field, random));
      }
    }
    return message.build();
  }

  private static Object value(Message.Builder message, FieldDescriptor field, Random random) {
    return switch (field.getType()) {
      case MESSAGE -> fill(message.newBuilderForField(field), field.getMessageType(), random);
      case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
      case BOOL -> random.nextBoolean();
      case INT32, UINT32 -> random.nextInt() >> random.nextInt(32);
      case INT64 -> random.nextLong() >> random.nextInt(64);
      case ENUM -> {
        int known = field.getEnumType().getValues().size();
        yield field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(known + 2));
      }
      default -> throw new IllegalStateException(field.getFullName());
    };
  }
}
