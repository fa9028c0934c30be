package chat.parley.bus;

import chat.parley.proto.Delivered;
import chat.parley.proto.SendMessage;
import chat.parley.wire.Samples;
import com.google.protobuf.Message;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a message costs that crosses the bus between two processes; inside one it costs nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class ProtoCodecBenchmark {
  /** What crosses the bus. */
  public enum Crossing {
    SEND,
    DELIVER_1,
    DELIVER_10,
    DELIVER_100,
    DELIVERED;

    Message message() {
      return switch (this) {
        case SEND ->
            SendMessage.newBuilder()
                .setToken("Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE")
                .setRoomId(7)
                .setText(Samples.messages(1).get(0).getText())
                .build();
        case DELIVER_1 -> Samples.deliver(1);
        case DELIVER_10 -> Samples.deliver(10);
        case DELIVER_100 -> Samples.deliver(100);
        case DELIVERED -> Delivered.getDefaultInstance();
      };
    }
  }

  @Param public Crossing message;

  private final ProtoCodec codec = new ProtoCodec();
  private Message sent;
  private Buffer received;

  /** What is encoded, and the bytes that are decoded. */
  @Setup
  public void prepare() {
    sent = message.message();
    received = Buffer.buffer();
    codec.encodeToWire(received, sent);
  }

  /** Into a new buffer, as the bus has one for each message. */
  @Benchmark
  public Buffer encode() {
    Buffer buffer = Buffer.buffer();
    codec.encodeToWire(buffer, sent);
    return buffer;
  }

  @Benchmark
  public Object decode() {
    return codec.decodeFromWire(0, received);
  }
}
