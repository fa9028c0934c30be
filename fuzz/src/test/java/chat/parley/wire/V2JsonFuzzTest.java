package chat.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.ClientFrame;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** A v2 client's JSON is a frame, the same one for every reader, or there is a reason. */
class V2JsonFuzzTest {
  private static final int LONGEST_REASON = 200;

  static List<byte[]> vectors() {
    return Vectors.json();
  }

  @MethodSource("vectors")
  @FuzzTest
  void text(byte[] bytes) throws Exception {
    String text = new String(bytes, StandardCharsets.UTF_8);
    ClientFrame frame;
    try {
      frame = V2Json.parse(text);
    } catch (MalformedFrameException refused) {
      assertThat(refused.getMessage()).isNotBlank().isASCII().hasSizeLessThan(LONGEST_REASON);
      return;
    }
    assertThat(byProtobufsOwn(text)).isEqualTo(frame);
    assertThat(V2Json.parse(ProtoJsonWriter.print(frame))).isEqualTo(frame);
    assertThat(ClientFrame.parseFrom(frame.toByteArray())).isEqualTo(frame);
  }

  private static ClientFrame byProtobufsOwn(String text) throws InvalidProtocolBufferException {
    ClientFrame.Builder frame = ClientFrame.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(text, frame);
    return frame.build();
  }
}
