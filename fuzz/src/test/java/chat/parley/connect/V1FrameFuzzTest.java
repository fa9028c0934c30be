package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A v1 client's JSON is a frame, or no JSON object with the right kinds of field. */
class V1FrameFuzzTest {
  static List<byte[]> frames() {
    return Stream.of(
            "{\"op\":6,\"authToken\":\"t\",\"roomId\":1}",
            "{\"op\":3,\"authToken\":\"t\",\"roomId\":1,\"msg\":\"h\\u00e9llo \\ud83d\\ude00\"}",
            "{\"authToken\":null,\"roomId\":9223372036854775807,\"fromUserName\":\"x\"}",
            "{\"op\":1e1,\"roomId\":\"1\"}",
            "[{\"op\":[[[]]]}]")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @MethodSource("frames")
  @FuzzTest
  void json(byte[] bytes) {
    InboundFrame frame;
    try {
      frame = InboundFrame.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (DecodeException refused) {
      return;
    }
    JsonObject again =
        new JsonObject()
            .put("op", frame.op())
            .put("authToken", frame.token())
            .put("roomId", frame.roomId())
            .put("msg", frame.text());
    assertThat(InboundFrame.parse(again.encode())).isEqualTo(frame);
    assertThat(frame.toString()).matches("InboundFrame\\[op -?\\d+, room -?\\d+]");
  }
}
