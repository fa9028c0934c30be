package chat.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** What is a frame as protobuf is the same frame as JSON, in both directions. */
class V2ProtobufFuzzTest {
  static List<byte[]> vectors() {
    return Vectors.bytes("protobuf");
  }

  @MethodSource("vectors")
  @FuzzTest
  void frame(byte[] bytes) throws Exception {
    ClientFrame asked = read(ClientFrame.parser(), bytes);
    if (asked != null) {
      String json = ProtoJsonWriter.print(asked);
      assertThat(V2Json.parse(json)).isEqualTo(asked);
      assertThat(byProtobufsOwn(json, ClientFrame.newBuilder())).isEqualTo(asked);
    }
    ServerFrame said = read(ServerFrame.parser(), bytes);
    if (said != null) {
      assertThat(byProtobufsOwn(V2Json.print(said), ServerFrame.newBuilder())).isEqualTo(said);
    }
  }

  /** What is known of a frame; null when it is none. */
  private static <T extends Message> T read(Parser<T> parser, byte[] bytes) {
    try {
      return DiscardUnknownFieldsParser.wrap(parser).parseFrom(bytes);
    } catch (InvalidProtocolBufferException refused) {
      return null;
    }
  }

  private static Message byProtobufsOwn(String json, Message.Builder into)
      throws InvalidProtocolBufferException {
    JsonFormat.parser().merge(json, into);
    return into.build();
  }
}
