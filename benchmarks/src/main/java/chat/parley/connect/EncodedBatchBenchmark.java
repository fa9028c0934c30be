package chat.parley.connect;

import chat.parley.proto.ChatMessage;
import chat.parley.wire.Samples;
import chat.parley.wire.V1Json;
import java.time.ZoneOffset;
import java.util.List;
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

/**
 * What a batch costs once for all sessions of a wire format: its frames, ready for the sockets. The
 * buffers are given back each time, as a node does.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class EncodedBatchBenchmark {
  @Param({"V1_WEBSOCKET", "V1_TCP", "V2_PROTOBUF", "V2_JSON"})
  public String format;

  @Param({"1", "10", "100"})
  public int messages;

  private final V1Json json = new V1Json(ZoneOffset.UTC);
  private WireFormat wire;
  private List<ChatMessage> batch;

  /** The messages as the bus gives them. */
  @Setup
  public void prepare() {
    wire = WireFormat.valueOf(format);
    batch = Samples.messages(messages);
  }

  /** Answers the bytes of all frames. */
  @Benchmark
  public int frames() {
    EncodedBatch encoded = new EncodedBatch(Samples.ROOM, batch);
    int bytes = encoded.frames(wire, 0, messages, json).readableBytes();
    encoded.release();
    return bytes;
  }
}
