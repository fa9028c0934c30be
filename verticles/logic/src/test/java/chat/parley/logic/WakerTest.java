package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import chat.parley.bus.LocalPartitions;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import chat.parley.proto.Wake;
import chat.parley.stores.PushQueue;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WakerTest {
  private static final int PARTITIONS = 4;
  private static final ChatMessage MESSAGE =
      ChatMessage.newBuilder().setConversation("room:1").setText("hello").build();
  private static final int PARTITION = Conversations.partitionOf("room:1", PARTITIONS);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Waker waker = new Waker(vertx, context, PARTITIONS);
  private Wakes wakes;

  @BeforeEach
  void listen() {
    ProtoCodec.install(vertx);
    wakes = new Wakes(vertx, PARTITION);
  }

  @AfterEach
  void close() {
    LogicFixture.await(vertx.close());
  }

  @Test
  void whatATurnAcceptedInARowIsBrought() {
    LocalPartitions.of(vertx).add(PARTITION);
    accept(fresh(7, 41), fresh(8, 42), fresh(9, 43));
    assertThat(wakes.next()).isEqualTo(wake(41, 7, 8, 9));
    accept(fresh(10, 44));
    assertThat(wakes.next()).as("nothing is brought twice").isEqualTo(wake(44, 10));
  }

  @Test
  void whatDoesNotStandInARowIsNotBrought() {
    LocalPartitions.of(vertx).add(PARTITION);
    accept(fresh(7, 41), fresh(9, 43), fresh(10, 44));
    assertThat(wakes.next()).isEqualTo(Wake.getDefaultInstance());
    accept(fresh(11, 45));
    assertThat(wakes.next()).isEqualTo(wake(45, 11));
  }

  @Test
  void whatWasKnownIsNotBrought() {
    LocalPartitions.of(vertx).add(PARTITION);
    accept(fresh(3, PushQueue.NO_POSITION), fresh(7, 41));
    assertThat(wakes.next()).isEqualTo(Wake.getDefaultInstance());
    accept(fresh(8, 42), fresh(3, PushQueue.NO_POSITION));
    assertThat(wakes.next()).isEqualTo(Wake.getDefaultInstance());
  }

  @Test
  void manyAreNotBrought() {
    LocalPartitions.of(vertx).add(PARTITION);
    accept(
        IntStream.range(0, 17).mapToObj(i -> fresh(1 + i, i)).toArray(PushQueue.Accepted[]::new));
    assertThat(wakes.next()).isEqualTo(Wake.getDefaultInstance());
  }

  @Test
  void anOwnerElsewhereIsWokenOnceForATurnAndBroughtNothing() {
    accept(fresh(7, 41), fresh(8, 42));
    assertThat(wakes.next()).isEqualTo(Wake.getDefaultInstance());
    LocalPartitions.of(vertx).add(PARTITION);
    accept(fresh(9, 43));
    assertThat(wakes.next()).as("of the second turn").isEqualTo(wake(43, 9));
  }

  /** In one turn of the event loop. */
  private void accept(PushQueue.Accepted... accepted) {
    context.runOnContext(
        turn -> {
          for (PushQueue.Accepted one : accepted) {
            waker.accepted(MESSAGE, one);
          }
        });
  }

  private static PushQueue.Accepted fresh(long seq, long position) {
    return new PushQueue.Accepted(SendAck.newBuilder().setSeq(seq).build(), position);
  }

  private static Wake wake(long first, long... seqs) {
    Wake.Builder wake = Wake.newBuilder().setFirst(first);
    for (long seq : seqs) {
      wake.addMessages(MESSAGE.toBuilder().setSeq(seq));
    }
    return wake.build();
  }
}
