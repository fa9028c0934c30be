package chat.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.ReadHistory;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.wire.V2Vectors.Vector;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class V2VectorsTest {
  private static final int HEADER = 6;
  private static final int LONGEST_BODY = 65_536;

  static List<Vector> frames() {
    return V2Vectors.of("client-frames.json", "server-frames.json");
  }

  static List<Vector> framesOfALaterVersion() {
    return V2Vectors.of("unknown.json");
  }

  static List<Vector> spellings() {
    return V2Vectors.of("json-spellings.json");
  }

  static Stream<Vector> malformed(String field) {
    return V2Vectors.of("malformed.json").stream().filter(v -> v.has(field));
  }

  static Stream<Vector> malformedJson() {
    return malformed("text");
  }

  static Stream<Vector> malformedProtobuf() {
    return malformed("protobuf");
  }

  static Stream<Vector> malformedFraming() {
    return malformed("tcp").filter(v -> !v.has("protobuf"));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void jsonAndProtobufAreTheSameFrameInBothDirections(Vector vector) throws Exception {
    Message frame = vector.frame();
    assertThat(frame).isEqualTo(vector.frameOf("json"));
    assertThat(frame.getUnknownFields().asMap()).isEmpty();
    assertThat(HexFormat.of().formatHex(frame.toByteArray())).isEqualTo(vector.text("protobuf"));
    assertThat(V2Vectors.JSON.readTree(JsonFormat.printer().print(frame)))
        .isEqualTo(vector.fields().get("json"));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void theServersOwnJsonIsThatOfTheVectors(Vector vector) throws Exception {
    assertThat(ProtoJsonWriter.print(vector.frame())).isEqualTo(vector.compact("json"));
    if (vector.isClients()) {
      assertThat(V2Json.parse(vector.compact("json"))).isEqualTo(vector.frame());
    } else {
      assertThat(V2Json.print((ServerFrame) vector.frame())).isEqualTo(vector.compact("json"));
    }
  }

  @ParameterizedTest
  @MethodSource({"frames", "framesOfALaterVersion"})
  void tcpPutsAHeaderWithTheTotalLengthBeforeTheProtobuf(Vector vector) {
    ByteBuffer tcp = ByteBuffer.wrap(vector.bytes("tcp"));
    assertThat(new byte[] {tcp.get(), tcp.get()}).containsExactly('v', '2');
    assertThat(tcp.getInt()).isEqualTo(vector.bytes("tcp").length);
    assertThat(tcp).isEqualTo(ByteBuffer.wrap(vector.bytes("protobuf")));
  }

  @ParameterizedTest
  @MethodSource("framesOfALaterVersion")
  void whatIsNotKnownIsSkipped(Vector vector) throws Exception {
    Message known = vector.frameOf("known");
    assertThat(withoutUnknown(vector.frame())).isEqualTo(known);
    assertThat(vector.frameOf("json")).isEqualTo(known);
    if (vector.isClients()) {
      assertThat(V2Json.parse(vector.compact("json"))).isEqualTo(known);
    }
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void otherSpellingsAreTheSameFrame(Vector vector) throws Exception {
    ClientFrame.Builder byProtobuf = ClientFrame.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(vector.text("text"), byProtobuf);
    assertThat(V2Json.parse(vector.text("text")))
        .isEqualTo(vector.frame())
        .isEqualTo(vector.frameOf("known"))
        .isEqualTo(byProtobuf.build());
  }

  @ParameterizedTest
  @MethodSource("malformedJson")
  void malformedJsonIsRefusedWithAReason(Vector vector) {
    assertThatExceptionOfType(MalformedFrameException.class)
        .isThrownBy(() -> V2Json.parse(vector.text("text")))
        .satisfies(e -> assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(200));
  }

  @ParameterizedTest
  @MethodSource("malformedProtobuf")
  void malformedProtobufIsRefusedByProtobuf(Vector vector) {
    assertThatExceptionOfType(InvalidProtocolBufferException.class)
        .isThrownBy(() -> ClientFrame.parseFrom(vector.bytes("protobuf")));
  }

  @ParameterizedTest
  @MethodSource("malformedFraming")
  void malformedFramingIsWhatTheVectorSays(Vector vector) {
    assertThat(endOf(ByteBuffer.wrap(vector.bytes("tcp"))))
        .hasToString(vector.fields().get("then").get("goodbye").textValue());
  }

  @Test
  void everyEndOfAConnectionHasItsCloseCode() {
    for (Vector vector : V2Vectors.of("malformed.json")) {
      Goodbye.Code code =
          Goodbye.Code.valueOf(vector.fields().get("then").get("goodbye").textValue());
      assertThat(vector.fields().get("then").get("closeCode").intValue())
          .as(vector.name())
          .isEqualTo(4000 + code.getNumber());
    }
  }

  @Test
  void everyFrameChoiceAndCodeHasAVector() throws IOException {
    Set<String> covered = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Vector vector : frames()) {
      assertThat(names.add(vector.name())).as("%s is there once", vector.name()).isTrue();
      assertThat(vector.text("meaning")).isNotBlank();
      cover(vector.frame(), covered);
    }
    assertThat(covered).containsAll(fieldsOf(ClientFrame.getDescriptor()));
    assertThat(covered).containsAll(fieldsOf(ServerFrame.getDescriptor()));
    assertThat(covered).containsAll(fieldsOf(Send.getDescriptor()));
    assertThat(covered).containsAll(fieldsOf(ReadHistory.getDescriptor()));
    assertThat(covered).containsAll(fieldsOf(FindUser.getDescriptor()));
    assertThat(covered).containsAll(namesOf(Error.Code.getDescriptor()));
    assertThat(covered).containsAll(namesOf(Goodbye.Code.getDescriptor()));
    assertThat(malformedJson()).hasSizeGreaterThan(10);
    assertThat(malformedProtobuf()).hasSizeGreaterThan(5);
    assertThat(malformedFraming()).hasSizeGreaterThan(4);
  }

  private static List<String> fieldsOf(Descriptor type) {
    return type.getFields().stream().map(FieldDescriptor::getFullName).toList();
  }

  /** Without the value 0, which no server sends. */
  private static List<String> namesOf(EnumDescriptor type) {
    return type.getValues().stream()
        .filter(value -> value.getNumber() != 0)
        .map(value -> type.getFullName() + "." + value.getName())
        .toList();
  }

  private static void cover(Message message, Set<String> covered) {
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              covered.add(field.getFullName());
              if (value instanceof Message inner) {
                cover(inner, covered);
              } else if (field.getType() == FieldDescriptor.Type.ENUM) {
                covered.add(field.getEnumType().getFullName() + "." + value);
              }
            });
  }

  /** As a program sees it that skips what it does not know, on every level. */
  private static Message withoutUnknown(Message message) {
    Message.Builder known =
        message.toBuilder().setUnknownFields(UnknownFieldSet.getDefaultInstance());
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (value instanceof Message inner) {
                known.setField(field, withoutUnknown(inner));
              } else if (field.isRepeated() && field.getType() == FieldDescriptor.Type.MESSAGE) {
                List<Message> inner =
                    ((List<?>) value).stream().map(m -> withoutUnknown((Message) m)).toList();
                known.setField(field, inner);
              }
            });
    return known.build();
  }

  /** What the framing of docs/protocol-v2.md makes of a stream; null when nothing is wrong. */
  private static Goodbye.Code endOf(ByteBuffer stream) {
    while (stream.remaining() >= HEADER) {
      if (stream.get() != 'v' || stream.get() != '2') {
        return Goodbye.Code.BAD_FRAME;
      }
      long body = Integer.toUnsignedLong(stream.getInt()) - HEADER;
      if (body < 0) {
        return Goodbye.Code.BAD_FRAME;
      }
      if (body > LONGEST_BODY) {
        return Goodbye.Code.TOO_LARGE;
      }
      if (body > stream.remaining()) {
        return null;
      }
      stream.position(stream.position() + (int) body);
    }
    return null;
  }
}
