package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.Deliver;
import chat.parley.proto.TopicMessages;
import chat.parley.wire.V1Json;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncodedBatchTest {
  private final V1Json json = new V1Json(ZoneOffset.UTC);

  @Test
  void aFormatIsEncodedOnceForAll() {
    EncodedBatch batch = batch("a", "b");
    ByteBuf first = batch.frames(WireFormat.V1_WEBSOCKET, 0, 2, json);
    assertThat(batch.frames(WireFormat.V1_WEBSOCKET, 0, 2, json)).isSameAs(first);
    batch.release();
    assertThat(first.refCnt()).isZero();
  }

  @Test
  void partsOfABatchAreTheFramesOfTheirMessages() {
    EncodedBatch batch = batch("a", "b", "c");
    ByteBuf middle = batch.frames(WireFormat.V1_TCP, 1, 2, json);
    assertThat(middle.getShort(middle.readerIndex() + 2)).isEqualTo((short) middle.readableBytes());
    assertThat(middle.toString(StandardCharsets.UTF_8)).startsWith("v1").contains("\"msg\":\"b\"");
    batch.release();
  }

  @Test
  void asManyFramesAsThereIsRoomForFit() {
    EncodedBatch batch = batch("a", "b", "c");
    int two = batch.frames(WireFormat.V1_TCP, 0, 2, json).readableBytes();
    assertThat(batch.fitting(WireFormat.V1_TCP, 0, two, json)).isEqualTo(2);
    assertThat(batch.fitting(WireFormat.V1_TCP, 0, two - 1, json)).isEqualTo(1);
    assertThat(batch.fitting(WireFormat.V1_TCP, 1, two, json)).isEqualTo(3);
    batch.release();
  }

  @Test
  void whatTcpCannotFrameIsLeftOutInsteadOfBreakingTheFraming() {
    EncodedBatch batch = batch("a", "x".repeat(40_000), "c");
    assertThat(batch.frames(WireFormat.V1_TCP, 1, 2, json).readableBytes()).isZero();
    assertThat(batch.frames(WireFormat.V1_WEBSOCKET, 1, 2, json).readableBytes()).isPositive();
    batch.release();
  }

  @Test
  void theLastBucketThatIsDoneGivesTheBuffersBackAndTellsTheLongestTime() {
    List<Long> done = new ArrayList<>();
    Deliver deliver =
        Deliver.newBuilder()
            .addTopics(TopicMessages.newBuilder().setTopic("room:7").addMessages(message(1, "a")))
            .build();
    Delivery delivery = new Delivery(deliver, 2, done::add);
    ByteBuf frames = delivery.batches().get(0).frames(WireFormat.V1_TCP, 0, 1, json);
    delivery.release(300);
    assertThat(frames.refCnt()).isEqualTo(1);
    assertThat(done).isEmpty();
    delivery.release(200);
    assertThat(frames.refCnt()).isZero();
    assertThat(done).containsExactly(300L);
  }

  private static EncodedBatch batch(String... texts) {
    ChatMessage[] messages = new ChatMessage[texts.length];
    for (int i = 0; i < texts.length; i++) {
      messages[i] = message(i + 1, texts[i]);
    }
    return new EncodedBatch("room:7", List.of(messages));
  }

  private static ChatMessage message(long seq, String text) {
    return ChatMessage.newBuilder().setConversation("room:7").setSeq(seq).setText(text).build();
  }
}
