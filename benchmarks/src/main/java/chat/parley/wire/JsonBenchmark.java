package chat.parley.wire;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.SendAck;
import chat.parley.proto.v2.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** JSON of both wires, without the frames around it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class JsonBenchmark {
  private static final String SEND =
      "{\"ref\":7,\"send\":{\"roomId\":\"7\",\"text\":\"The build is green again, \\\"finally\\\"; "
          + "merging after lunch.\",\"clientMessageId\":\"0197f3c2-5b1e-7c3a-9d52-100000000000\"}}";
  private static final String ACKNOWLEDGE =
      "{\"acknowledge\":{\"positions\":[{\"conversation\":\"room:7\",\"seq\":\"1042\"},"
          + "{\"conversation\":\"direct:3:9\",\"seq\":\"17\"}]}}";

  private final ServerFrame ack =
      ServerFrame.newBuilder()
          .setRe(7)
          .setSendAck(
              SendAck.newBuilder()
                  .setConversation(Samples.ROOM)
                  .setSeq(1_042)
                  .setId(123_456_789_012_345_678L))
          .build();
  private final ServerFrame batch =
      ServerFrame.newBuilder()
          .setBatch(V2Messages.batch(Samples.ROOM, Samples.messages(10)))
          .build();
  private final ChatMessage message = Samples.messages(1).get(0);
  private final V1Json v1 = new V1Json(ZoneOffset.UTC);
  private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(1_024);

  /** The buffer is the benchmark's own. */
  @TearDown
  public void giveBack() {
    out.release();
  }

  @Benchmark
  public ClientFrame v2ReadSend() throws MalformedFrameException {
    return V2Json.parse(SEND);
  }

  @Benchmark
  public ClientFrame v2ReadAcknowledge() throws MalformedFrameException {
    return V2Json.parse(ACKNOWLEDGE);
  }

  @Benchmark
  public String v2WriteAck() {
    return V2Json.print(ack);
  }

  @Benchmark
  public String v2WriteBatchOf10() {
    return V2Json.print(batch);
  }

  @Benchmark
  public int v1WriteMessage() {
    out.clear();
    v1.writeMessage(out, message);
    return out.readableBytes();
  }
}
