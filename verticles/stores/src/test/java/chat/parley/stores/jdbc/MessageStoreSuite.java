package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Messages.message;
import static chat.parley.stores.jdbc.Messages.run;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import chat.parley.stores.MessageStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every MessageStore promises. Each test has a conversation of its own. */
abstract class MessageStoreSuite extends StoresFixture {
  private static final long ALL = Long.MAX_VALUE;

  private String room;

  @BeforeEach
  void room(TestInfo test) {
    room = "room:" + test.getDisplayName();
  }

  private MessageStore store() {
    return stores.messages();
  }

  @Test
  void everyFieldOfAMessageComesBack() {
    ChatMessage direct =
        message(room, 1, "hello").setRecipientId(9).setRecipientName("bob").setV1RoomId(4).build();

    await(store().append(List.of(direct)));

    assertThat(await(store().after(room, 0, 10))).containsExactly(direct);
  }

  @Test
  void appendTwiceIsOneMessageAndTheFirstStays() {
    ChatMessage first = message(room, 1);
    await(store().append(List.of(first)));
    await(store().append(List.of(message(room, 1, "another text").build())));

    assertThat(await(store().after(room, 0, 10))).containsExactly(first);
  }

  @Test
  void batchWithRepeatsAndWithWhatIsThereStoresTheRest() {
    await(store().append(run(room, 1, 3)));
    List<ChatMessage> batch = new ArrayList<>(run(room, 2, 5));
    batch.addAll(run(room, 4, 6));

    await(store().append(batch));

    assertThat(await(store().after(room, 0, 10))).isEqualTo(run(room, 1, 6));
  }

  @Test
  void parallelAppendsOfTheSameBatchAreOne() {
    await(
        Future.all(
            IntStream.range(0, 8).mapToObj(i -> store().append(run(room, 1, 200))).toList()));

    assertThat(await(store().after(room, 0, 500))).isEqualTo(run(room, 1, 200));
  }

  @Test
  void batchOfManyConversationsIsStored() {
    List<ChatMessage> batch = new ArrayList<>(run(room + "/a", 1, 300));
    batch.addAll(run(room + "/b", 1, 300));

    await(store().append(batch));

    assertThat(await(store().after(room + "/a", 0, 1_000))).hasSize(300);
    assertThat(await(store().after(room + "/b", 0, 1_000))).hasSize(300);
  }

  @Test
  void emptyBatchIsNothing() {
    await(store().append(List.of()));
  }

  @Test
  void afterPagesUpwards() {
    await(store().append(run(room, 1, 25)));

    assertThat(await(store().after(room, 0, 10))).isEqualTo(run(room, 1, 10));
    assertThat(await(store().after(room, 10, 10))).isEqualTo(run(room, 11, 20));
    assertThat(await(store().after(room, 20, 10))).isEqualTo(run(room, 21, 25));
    assertThat(await(store().after(room, 25, 10))).isEmpty();
  }

  @Test
  void beforePagesDownwardsFromTheNewest() {
    await(store().append(run(room, 1, 25)));

    assertThat(await(store().before(room, 0, 10)))
        .extracting(ChatMessage::getSeq)
        .first()
        .isEqualTo(25L);
    assertThat(await(store().before(room, 0, 10)))
        .extracting(ChatMessage::getSeq)
        .last()
        .isEqualTo(16L);
    assertThat(await(store().before(room, 4, 10)))
        .containsExactly(message(room, 3), message(room, 2), message(room, 1));
    assertThat(await(store().before(room, 1, 10))).isEmpty();
  }

  @Test
  void headsOfManyConversationsComeAtOnce() {
    List<ChatMessage> batch = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      batch.add(message(room + "/" + i, i + 1));
      asked.add(room + "/" + i);
    }
    await(store().append(batch));
    await(store().append(run(room + "/0", 2, 9)));
    asked.add("room:nothing-there");
    asked.add(room + "/7");

    Map<String, Long> heads = await(store().heads(asked));

    assertThat(heads)
        .hasSize(500)
        .containsEntry(room + "/0", 9L)
        .containsEntry(room + "/499", 500L);
    assertThat(await(store().heads(List.of()))).isEmpty();
  }

  @Test
  void removedMessagesAreGoneAndTheRestStays() {
    await(store().append(run(room, 1, 5_000)));
    await(store().append(run(room + "/other", 1, 3)));

    await(store().removeUpTo(room, 4_990));
    await(store().removeUpTo(room, 4_990));

    assertThat(await(store().after(room, 0, 100))).isEqualTo(run(room, 4_991, 5_000));
    assertThat(await(store().heads(List.of(room)))).containsEntry(room, 5_000L);
    assertThat(await(store().after(room + "/other", 0, 100))).hasSize(3);
  }

  @Test
  void clientMessageIdIsFoundForADayAndMarkedAsRepeated() {
    ChatMessage sent = sentNow(room, 1, "once");
    await(store().append(List.of(sent, message(room, 2), sent)));

    SendAck ack = await(store().byClientMessageId(room, 7, "once", ALL)).orElseThrow();

    assertThat(ack.getConversation()).isEqualTo(room);
    assertThat(ack.getSeq()).isEqualTo(1);
    assertThat(ack.getId()).isEqualTo(sent.getId());
    assertThat(ack.getAcceptedAt()).isEqualTo(sent.getAcceptedAt());
    assertThat(ack.getRepeated()).isTrue();
    assertThat(await(store().byClientMessageId(room, 8, "once", ALL))).isEmpty();
    assertThat(await(store().byClientMessageId(room + "x", 7, "once", ALL))).isEmpty();
    assertThat(await(store().byClientMessageId(room, 7, "twice", ALL))).isEmpty();
  }

  @Test
  void clientMessageIdIsForgottenAfterADay() {
    await(store().append(List.of(sentNow(room, 1, "day"))));
    clock.advance(Duration.ofHours(23));
    await(store().append(List.of(sentNow(room, 2, "young"))));
    await(store().forgetOldClientMessageIds());
    assertThat(await(store().byClientMessageId(room, 7, "day", ALL))).isPresent();

    clock.advance(Duration.ofHours(1));
    assertThat(await(store().byClientMessageId(room, 7, "day", ALL))).isEmpty();
    await(store().forgetOldClientMessageIds());

    assertThat(await(store().byClientMessageId(room, 7, "young", ALL))).isPresent();
    assertThat(await(store().after(room, 0, 10))).hasSize(2);
  }

  @Test
  void manyOldClientMessageIdsAreForgotten() {
    for (long from = 1; from < 5_000; from += 1_000) {
      await(
          store()
              .append(
                  LongStream.range(from, from + 1_000)
                      .mapToObj(seq -> sentNow(room, seq, "many " + seq))
                      .toList()));
    }
    settleAll(Duration.ZERO);
    clock.advance(Duration.ofHours(25));
    await(store().append(List.of(sentNow(room, 5_001, "young"))));
    settleAll(Duration.ZERO);
    await(store().forgetOldClientMessageIds());

    assertThat(count("SELECT count(*) FROM sent_ids WHERE accepted_at < " + clock.millis()))
        .isZero();
    assertThat(await(store().byClientMessageId(room, 7, "young", ALL))).isPresent();
  }

  @Test
  void clientMessageIdIsFoundBeforeItIsSettledAndAfter() {
    long first = clock.millis();
    await(store().append(List.of(sentNow(room, 1, "one"), sentNow(room, 2, "two"))));
    clock.advance(Duration.ofMinutes(10));
    await(store().append(List.of(sentNow(room, 3, "young"))));
    SendAck unsettled = await(store().byClientMessageId(room, 7, "two", first)).orElseThrow();

    settleAll(Duration.ofMinutes(5));
    settleAll(Duration.ofMinutes(5));

    assertThat(unsettled.getSeq()).isEqualTo(2);
    assertThat(await(store().byClientMessageId(room, 7, "two", 0))).contains(unsettled);
    assertThat(await(store().byClientMessageId(room, 7, "one", 0)).orElseThrow().getSeq())
        .isEqualTo(1);
    assertThat(await(store().byClientMessageId(room, 7, "young", 0)))
        .as("younger than what was settled")
        .isEmpty();
    assertThat(await(store().byClientMessageId(room, 7, "young", ALL))).isPresent();
  }

  @Test
  void whatIsSettledWhenItIsADayOldIsForgotten() {
    await(store().append(List.of(sentNow(room, 1, "late"))));
    clock.advance(Duration.ofHours(24));
    settleAll(Duration.ZERO);
    clock.advance(Duration.ofHours(-24));
    assertThat(await(store().byClientMessageId(room, 7, "late", ALL))).isEmpty();
  }

  @Test
  void moreIdsThanOneStepTakesAreSettledInSeveral() {
    int many = 12_000;
    await(
        store()
            .append(
                LongStream.rangeClosed(1, many)
                    .mapToObj(seq -> sentNow(room, seq, "m" + seq))
                    .toList()));
    settleAll(Duration.ZERO);
    for (long seq : new long[] {1, 10_000, 10_001, many}) {
      assertThat(await(store().byClientMessageId(room, 7, "m" + seq, 0)).orElseThrow().getSeq())
          .isEqualTo(seq);
    }
  }

  private void settleAll(Duration age) {
    while (await(store().settleClientMessageIds(age))) {
      // The next portion.
    }
  }

  @Test
  void clientMessageIdUsedAgainAfterADayIsFoundAgain() {
    await(store().append(List.of(sentNow(room, 1, "again"))));
    clock.advance(Duration.ofHours(25));
    await(store().append(List.of(sentNow(room, 2, "again"))));

    assertThat(await(store().byClientMessageId(room, 7, "again", ALL)).orElseThrow().getSeq())
        .isEqualTo(2);
  }

  @Test
  void retentionDoesNotForgetClientMessageIds() {
    await(store().append(List.of(sentNow(room, 1, "kept"))));
    await(store().removeUpTo(room, 1));

    assertThat(await(store().byClientMessageId(room, 7, "kept", ALL))).isPresent();
  }

  /** One message that a database refuses would stop its partition for ever. */
  @ParameterizedTest(name = "{index}")
  @MethodSource("hostileTexts")
  void noTextStopsABatch(String hostile) {
    ChatMessage message =
        message(room, 2, hostile)
            .setSenderName(hostile)
            .setRecipientName(hostile)
            .setClientMessageId(hostile)
            .setAcceptedAt(clock.millis())
            .build();
    await(store().append(List.of(message(room, 1), message, message(room, 3))));

    List<ChatMessage> stored = await(store().after(room, 0, 10));
    assertThat(stored).hasSize(3);
    assertThat(stored.get(1)).isEqualTo(message.toBuilder().clearClientMessageId().build());
    assertThat(await(store().byClientMessageId(room, 7, hostile, ALL)).isPresent())
        .isEqualTo(!hostile.isEmpty());
  }

  static List<String> hostileTexts() {
    return List.of(
        "",
        "\0",
        "nul \0 inside",
        "\uD83D\uDE00 \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
        "'; DROP TABLE messages; --",
        "\"quoted\" \\ back ? $1 {d '2020'} :name",
        "\uFFFF\uFEFF\u202E",
        "x".repeat(32_767),
        "\uD83D\uDE00".repeat(16_000),
        "long ".repeat(40_000));
  }

  @Test
  void syncedIsOnDisk() {
    await(store().append(run(room, 1, 10)));
    await(store().sync());

    assertThat(await(store().heads(List.of(room)))).containsEntry(room, 10L);
  }

  private ChatMessage sentNow(String conversation, long seq, String clientMessageId) {
    return message(conversation, seq, "t")
        .setClientMessageId(clientMessageId)
        .setAcceptedAt(clock.millis())
        .build();
  }
}
