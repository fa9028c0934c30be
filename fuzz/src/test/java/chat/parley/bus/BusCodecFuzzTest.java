package chat.parley.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes from another node are a message of the contract, or refused with a reason. */
class BusCodecFuzzTest {
  private final ProtoCodec codec = new ProtoCodec();

  static List<byte[]> everyMessage() {
    return Contract.MESSAGES.stream()
        .flatMap(message -> Stream.of(message, Asked.now(message, 5_000)))
        .map(message -> encoded(new ProtoCodec(), message).getBytes())
        .toList();
  }

  @MethodSource("everyMessage")
  @FuzzTest
  void bytes(byte[] bytes) {
    Object message = codec.decodeFromWire(0, Buffer.buffer(bytes));
    if (message instanceof Unreadable refused) {
      assertThat(refused.getMessage()).contains("bus ").hasSizeLessThan(400);
      return;
    }
    Buffer again = encoded(codec, message);
    assertThat(codec.decodeFromWire(0, again)).isEqualTo(message);
    Buffer behindOthers = Buffer.buffer(bytes).appendBuffer(again);
    assertThat(codec.decodeFromWire(bytes.length, behindOthers)).isEqualTo(message);
  }

  private static Buffer encoded(ProtoCodec codec, Object message) {
    Buffer buffer = Buffer.buffer();
    codec.encodeToWire(buffer, message);
    return buffer;
  }
}
