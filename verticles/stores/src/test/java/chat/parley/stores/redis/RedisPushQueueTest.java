package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;
import static chat.parley.stores.redis.Waiting.awaitError;
import static chat.parley.stores.redis.Waiting.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import chat.parley.stores.Partitions;
import chat.parley.stores.PushQueue;
import chat.parley.stores.PushQueue.Accepted;
import chat.parley.stores.PushQueue.Lease;
import chat.parley.stores.PushQueue.Slice;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RedisPushQueueTest extends WithRedis {
  private static final JsonObject ONE_PARTITION = new JsonObject().put("partitions", 1);
  private static final Map<String, Long> EMPTY_STORE = Map.of();

  @Test
  void acknowledgedMessagesSurviveKillOfRedis() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    List<Future<SendAck>> acks = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      acks.add(accept(queue, message("room:1", "")));
    }
    // Not the 500th alone: those that came before the count was looked up may end after it.
    await(Future.all(acks.subList(0, 500)));
    killAndAwaitRestart();
    List<Long> acknowledged =
        acks.stream()
            .map(Future::<SendAck>otherwiseEmpty)
            .map(Waiting::await)
            .filter(ack -> ack != null)
            .map(SendAck::getSeq)
            .toList();
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(500);
    Slice kept = await(queue(ONE_PARTITION, EMPTY_STORE).read(0, 0, 2_000));
    assertThat(seqs(kept)).containsAll(acknowledged).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aResendGetsTheFirstAck() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    ChatMessage message = message("room:1", "c1");
    SendAck first = await(accept(queue, message));
    await(accept(queue, message("room:1", "c2")));
    SendAck again = await(accept(queue, message.toBuilder().setId(99).setAcceptedAt(99).build()));
    assertThat(again).isEqualTo(first.toBuilder().setRepeated(true).build());
    assertThat(await(queue.depth(0))).isEqualTo(2);
  }

  @Test
  void racingResendsOverSeveralConnectionsAreOneMessage() {
    List<Future<SendAck>> acks = new ArrayList<>();
    for (int link = 0; link < 4; link++) {
      PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
      for (int i = 0; i < 25; i++) {
        acks.add(accept(queue, message("room:1", "same")));
      }
    }
    assertThat(acks).allSatisfy(ack -> assertThat(await(ack).getSeq()).isEqualTo(1));
    assertThat(acks.stream().filter(ack -> !ack.result().getRepeated())).hasSize(1);
  }

  @Test
  void seqHasNoGapsUnderParallelAcceptance() {
    List<Future<SendAck>> acks = new ArrayList<>();
    for (int link = 0; link < 4; link++) {
      PushQueue queue = queue(ONE_PARTITION, Map.of("room:1", 5L));
      for (int i = 0; i < 500; i++) {
        acks.add(accept(queue, message("room:1", "")));
      }
    }
    List<Long> acknowledged = acks.stream().map(ack -> await(ack).getSeq()).sorted().toList();
    List<Long> wanted = LongStream.rangeClosed(6, 2_005).boxed().toList();
    assertThat(acknowledged).isEqualTo(wanted);
    Slice all = await(queue(ONE_PARTITION, EMPTY_STORE).read(0, 0, 5_000));
    assertThat(seqs(all)).as("queue order is seq order").isEqualTo(wanted);
  }

  @Test
  void entriesReadBackAsTheWholeMessage() {
    PushQueue queue = queue(ONE_PARTITION, Map.of("room:1", 5_000_000_000L));
    ChatMessage message = message("room:1", "c1");
    await(accept(queue, message));
    assertThat(await(queue.read(0, 0, 10)).messages())
        .containsExactly(message.toBuilder().setSeq(5_000_000_001L).build());
  }

  @Test
  void whatIsAcceptedStandsAtThePositionThatWasSaid() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    acceptMany(queue, 5);
    await(queue.trim(lease(), 3));
    ChatMessage alone = message("room:1", "c1");
    assertThat(await(queue.accept(alone)).position()).isEqualTo(5);
    List<ChatMessage> messages =
        List.of(alone, message("room:2", "c2"), message("room:2", ""), message("room:2", "c2"));
    assertThat(await(queue.acceptInOrder(messages.subList(0, 1))))
        .extracting(one -> one.orElseThrow().position())
        .containsExactly(PushQueue.NO_POSITION);
    assertThat(await(queue.acceptInOrder(messages.subList(1, 4))))
        .extracting(one -> one.orElseThrow().position())
        .containsExactly(6L, 7L, PushQueue.NO_POSITION);
    Slice there = await(queue.read(0, 5, 10));
    assertThat(there.first()).isEqualTo(5);
    assertThat(there.messages())
        .extracting(ChatMessage::getConversation)
        .containsExactly("room:1", "room:2", "room:2");
  }

  @Test
  void aLostCountIsRestoredFromTheStore() {
    PushQueue queue = queue(ONE_PARTITION, Map.of("room:1", 41L));
    assertThat(await(accept(queue, message("room:1", ""))).getSeq()).isEqualTo(42);
    await(link().call("DEL", Keys.seqs(0)));
    PushQueue later = queue(ONE_PARTITION, Map.of("room:1", 42L));
    assertThat(await(later.heads(List.of("room:1", "room:2"))))
        .containsExactlyInAnyOrderEntriesOf(Map.of("room:1", 42L, "room:2", 0L));
    assertThat(await(accept(later, message("room:1", ""))).getSeq()).isEqualTo(43);
    assertThat(await(later.heads(List.of("room:1")))).isEqualTo(Map.of("room:1", 43L));
  }

  @Test
  void aFullPartitionRefusesAndAcceptsNothing() {
    JsonObject bounded = ONE_PARTITION.copy().put("partition-bound", 2);
    PushQueue queue = queue(bounded, EMPTY_STORE);
    await(accept(queue, message("room:1", "c1")));
    await(accept(queue, message("room:1", "")));
    assertThat(awaitError(accept(queue, message("room:1", ""))).code())
        .isEqualTo(ErrorCode.OVERLOADED);
    assertThat(await(accept(queue, message("room:1", "c1"))).getSeq())
        .as("a resend of what was accepted is still answered")
        .isEqualTo(1);
    assertThat(await(queue.heads(List.of("room:1")))).isEqualTo(Map.of("room:1", 2L));
  }

  @Test
  void longTextsFillAPartitionSooner() {
    PushQueue queue = queue(ONE_PARTITION.copy().put("partition-bytes", 4 << 20), EMPTY_STORE);
    ChatMessage large = message("room:1", "").toBuilder().setText("x".repeat(20_000)).build();
    List<Future<SendAck>> acks =
        IntStream.range(0, 300).mapToObj(i -> accept(queue, large)).toList();
    await(Future.join(acks).otherwiseEmpty());
    List<Future<SendAck>> refused = acks.stream().filter(Future::failed).toList();
    assertThat(refused).as("5 MiB of 6 are over 4").hasSize(300 - 256);
    assertThat(awaitError(refused.get(0)).code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(await(queue.acceptInOrder(List.of(large, large))))
        .containsExactly(Optional.empty(), Optional.empty());
    assertThat(await(queue.depth(0))).isEqualTo(256);
  }

  @Test
  void positionsGoOnAfterATrim() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    acceptMany(queue, 10);
    assertThat(await(queue.trim(lease(), 4))).isTrue();
    Slice rest = await(queue.read(0, 0, 3));
    assertThat(rest.first()).isEqualTo(4);
    assertThat(rest.next()).isEqualTo(7);
    assertThat(seqs(rest)).containsExactly(5L, 6L, 7L);
    assertThat(await(queue.read(0, 10, 3))).isEqualTo(new Slice(10, 10, List.of()));
    assertThat(await(queue.read(0, 11, 1)).first()).as("a lost queue starts over").isEqualTo(4);
  }

  @Test
  void aTrimReplayedLateRemovesNothing() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    acceptMany(queue, 10);
    Lease lease = lease();
    await(queue.trim(lease, 6));
    assertThat(await(queue.trim(lease, 3))).isTrue();
    assertThat(await(queue.trim(lease, 6))).isTrue();
    assertThat(await(queue.trim(lease, 11))).as("beyond the end: never read").isTrue();
    assertThat(await(queue.depth(0))).isEqualTo(4);
  }

  @Test
  void aWorkerWhoseLeaseIsGoneCannotTrim() {
    JsonObject shortLease = ONE_PARTITION.copy().put("partition-lease", "50ms");
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    acceptMany(queue, 3);
    Partitions partitions = stores(shortLease).partitions();
    Lease old = await(partitions.acquire(0, "a/0")).orElseThrow();
    awaitUntil(() -> await(partitions.acquire(0, "a/0")).isPresent());
    assertThat(await(queue.trim(old, 3))).isFalse();
    assertThat(await(queue.depth(0))).isEqualTo(3);
  }

  @Test
  void anEntryThatIsNoMessageDoesNotStopItsPartition() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    await(accept(queue, message("room:1", "")));
    await(link().call("LPUSH", Keys.queue(0), new byte[] {(byte) 0xff, 1, 2}));
    await(accept(queue, message("room:1", "")));
    Slice slice = await(queue.read(0, 0, 10));
    assertThat(slice.next()).isEqualTo(3);
    assertThat(seqs(slice)).containsExactly(1L, 2L);
  }

  @Test
  void theOldestIsWhatHasWaitedLongest() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    assertThat(await(queue.oldest(0))).as("nothing waits").isZero();
    for (long at = 101; at <= 103; at++) {
      await(accept(queue, message("room:1", "").toBuilder().setAcceptedAt(at).build()));
    }
    assertThat(await(queue.oldest(0))).isEqualTo(101);
    Lease lease = lease();
    await(queue.trim(lease, 2));
    assertThat(await(queue.oldest(0))).isEqualTo(103);
    await(queue.trim(lease, 3));
    assertThat(await(queue.oldest(0))).isZero();
  }

  @Test
  void whatIsNoMessageIsNotTheOldest() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    for (int i = 0; i < 2; i++) {
      await(link().call("LPUSH", Keys.queue(0), new byte[] {(byte) 0xff, 1, 2}));
    }
    assertThat(await(queue.oldest(0))).isZero();
    await(accept(queue, message("room:1", "").toBuilder().setAcceptedAt(101).build()));
    assertThat(await(queue.oldest(0))).isEqualTo(101);
  }

  @Test
  void acceptanceInOrderIsWhatAcceptanceOneByOneIs() {
    Random random = new Random(11);
    for (int round = 0; round < 30; round++) {
      int bound = 1 + random.nextInt(60);
      PushQueue queue = queue(ONE_PARTITION.copy().put("partition-bound", bound), EMPTY_STORE);
      List<List<ChatMessage>> steps = steps(random);
      List<Optional<Accepted>> oneByOne = new ArrayList<>();
      steps.forEach(step -> step.forEach(m -> oneByOne.add(acceptedAlone(queue, m))));
      Slice wanted = await(queue.read(0, 0, 1_000));
      await(link().call("FLUSHALL"));
      List<Optional<Accepted>> inOrder = new ArrayList<>();
      steps.forEach(step -> inOrder.addAll(await(queue.acceptInOrder(step))));
      assertThat(inOrder).as("round %d, bound %d", round, bound).isEqualTo(oneByOne);
      assertThat(await(queue.read(0, 0, 1_000))).isEqualTo(wanted);
      await(link().call("FLUSHALL"));
    }
  }

  @Test
  void anIdThatComesTwiceInOneStepIsOneMessage() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    List<ChatMessage> messages =
        List.of(message("room:1", "c1"), message("room:1", "c2"), message("room:1", "c1"));
    List<Optional<Accepted>> all = await(queue.acceptInOrder(messages));
    assertThat(all).extracting(one -> seqOf(one)).containsExactly(1L, 2L, 1L);
    assertThat(all)
        .extracting(one -> one.orElseThrow().ack().getRepeated())
        .containsExactly(false, false, true);
    assertThat(await(queue.depth(0))).isEqualTo(2);
  }

  @Test
  void theBoundIsMetWithinAStepAndWhatWasAcceptedBeforeIsStillAnswered() {
    PushQueue queue = queue(ONE_PARTITION.copy().put("partition-bound", 3), EMPTY_STORE);
    await(queue.acceptInOrder(List.of(message("room:1", "c1"), message("room:1", "c2"))));
    List<Optional<Accepted>> all =
        await(
            queue.acceptInOrder(
                List.of(
                    message("room:1", "c3"),
                    message("room:1", "c4"),
                    message("room:1", "c2"),
                    message("room:1", "c4"))));
    assertThat(all).extracting(one -> seqOf(one)).containsExactly(3L, 0L, 2L, 0L);
    assertThat(await(queue.heads(List.of("room:1")))).isEqualTo(Map.of("room:1", 3L));
    assertThat(seqs(await(queue.read(0, 0, 10)))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aStepGoesOnFromTheStoresCountWhenRedisHasNone() {
    PushQueue queue = queue(ONE_PARTITION, Map.of("room:1", 5_000_000_000L));
    List<ChatMessage> messages = List.of(message("room:1", "c1"), message("room:1", ""));
    assertThat(await(queue.acceptInOrder(messages)))
        .extracting(one -> seqOf(one))
        .containsExactly(5_000_000_001L, 5_000_000_002L);
    assertThat(await(queue.read(0, 0, 10)).messages())
        .containsExactly(
            messages.get(0).toBuilder().setSeq(5_000_000_001L).build(),
            messages.get(1).toBuilder().setSeq(5_000_000_002L).build());
  }

  @Test
  void aStepIsOfOneConversationAndBounded() {
    PushQueue queue = queue(ONE_PARTITION, EMPTY_STORE);
    assertThat(await(queue.acceptInOrder(List.of()))).isEmpty();
    List<ChatMessage> most = Collections.nCopies(PushQueue.MOST_AT_ONCE, message("room:1", ""));
    assertThat(await(queue.acceptInOrder(most))).doesNotContain(Optional.empty());
    List<ChatMessage> tooMany = new ArrayList<>(most);
    tooMany.add(message("room:1", ""));
    List<ChatMessage> mixed = List.of(message("room:1", ""), message("room:2", ""));
    assertThatThrownBy(() -> await(queue.acceptInOrder(tooMany)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> await(queue.acceptInOrder(mixed)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(await(queue.depth(0))).isEqualTo(PushQueue.MOST_AT_ONCE);
  }

  /** With ids that come again within a step, in a later one, and without any. */
  private static List<List<ChatMessage>> steps(Random random) {
    List<List<ChatMessage>> steps = new ArrayList<>();
    for (int step = 0; step < 4; step++) {
      List<ChatMessage> messages = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String id = random.nextInt(4) == 0 ? "" : "c" + random.nextInt(30);
        messages.add(message("room:1", id).toBuilder().setId(1_000 * step + i).build());
      }
      steps.add(messages);
    }
    return steps;
  }

  private static Future<SendAck> accept(PushQueue queue, ChatMessage message) {
    return queue.accept(message).map(Accepted::ack);
  }

  private static long seqOf(Optional<Accepted> accepted) {
    return accepted.map(one -> one.ack().getSeq()).orElse(0L);
  }

  private static Optional<Accepted> acceptedAlone(PushQueue queue, ChatMessage message) {
    return await(
        queue
            .accept(message)
            .map(Optional::of)
            .recover(
                t ->
                    ChatError.of(t).code() == ErrorCode.OVERLOADED
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(t)));
  }

  private PushQueue queue(JsonObject settings, Map<String, Long> stored) {
    return stores(settings).pushQueue(asked -> Future.succeededFuture(stored));
  }

  private RedisLink link() {
    return stores().link();
  }

  private Lease lease() {
    return await(stores().partitions().acquire(0, "worker/0")).orElseThrow();
  }

  private static void acceptMany(PushQueue queue, int n) {
    for (int i = 0; i < n; i++) {
      await(accept(queue, message("room:1", "")));
    }
  }

  private static List<Long> seqs(Slice slice) {
    return slice.messages().stream().map(ChatMessage::getSeq).toList();
  }

  private static ChatMessage message(String conversation, String clientMessageId) {
    return ChatMessage.newBuilder()
        .setConversation(conversation)
        .setId(7)
        .setAcceptedAt(1_700_000_000_000L)
        .setSenderId(3)
        .setSenderName("Zoë")
        .setText("a text with \r\n and \0")
        .setClientMessageId(clientMessageId)
        .build();
  }
}
