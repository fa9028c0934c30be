package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.LocalPartitions;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.Identity;
import chat.parley.proto.ReadHeads;
import chat.parley.proto.ReadHistory;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SessionOpened;
import chat.parley.proto.Wake;
import chat.parley.stores.PushQueue;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MessagesTest extends LogicFixture {
  private SessionOpened alice;
  private SessionOpened bob;

  @BeforeAll
  void register() {
    alice = registered("alice");
    bob = registered("bob");
  }

  @Test
  void messagesInFlightAreNumberedInTheirOrder() {
    await(join(alice.getToken(), 1));
    List<Future<SendAck>> acks =
        IntStream.rangeClosed(1, 50).mapToObj(i -> post(1, "message " + i)).toList();
    await(Future.all(acks));

    assertThat(acks)
        .extracting(ack -> ack.result().getSeq())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 50).mapToObj(Long::valueOf).toList());
    assertThat(stored("room:1").messages())
        .filteredOn(m -> m.getConversation().equals("room:1"))
        .extracting(ChatMessage::getText)
        .startsWith("message 1", "message 2")
        .endsWith("message 50");
    assertThat(await(join(bob.getToken(), 1)).getHead()).isEqualTo(50);
  }

  @Test
  void acceptanceWakesTheOwnerOfThePartition() {
    await(join(alice.getToken(), 2));
    int partition = Conversations.partitionOf("room:2", queue.partitions());
    try (Wakes wakes = new Wakes(vertx, partition)) {
      await(post(2, "hello"));

      assertThat(wakes.next()).isEqualTo(Wake.getDefaultInstance());
    }
  }

  @Test
  void anOwnerInThisProcessIsBroughtWhatTheQueueHoldsAndWhere() {
    await(join(alice.getToken(), 2));
    int partition = Conversations.partitionOf("room:2", queue.partitions());
    LocalPartitions.of(vertx).add(partition);
    try (Wakes wakes = new Wakes(vertx, partition)) {
      SendAck ack = await(post(2, "brought"));

      Wake wake = wakes.next();
      assertThat(wake.getMessagesList()).extracting(ChatMessage::getSeq).contains(ack.getSeq());
      long end = wake.getFirst() + wake.getMessagesCount();
      assertThat(await(queue.read(partition, wake.getFirst(), wake.getMessagesCount())))
          .isEqualTo(new PushQueue.Slice(wake.getFirst(), end, wake.getMessagesList()));
    } finally {
      LocalPartitions.of(vertx).remove(partition);
    }
  }

  @Test
  void markedResendIsFoundInTheStoreAfterRedisForgotIt() {
    await(join(alice.getToken(), 3));
    SendMessage first = toRoom(alice.getToken(), 3, "once").setClientMessageId("c-1").build();
    SendAck ack = await(send(first));
    stored("room:3");

    SendAck again = await(send(first.toBuilder().setResend(true).build()));

    assertThat(again).isEqualTo(ack.toBuilder().setRepeated(true).build());
    assertThat(await(post(3, "next")).getSeq()).isEqualTo(2);
  }

  @Test
  void textThatWouldNotFitAFrameOfV1IsRefused() {
    await(join(alice.getToken(), 4));
    assertRefused(post(4, "x".repeat(33_000)), ErrorCode.TOO_LARGE, "32763 bytes");
    assertRefused(post(4, "\u0001".repeat(6_000)), ErrorCode.TOO_LARGE, "32763 bytes");
    assertThat(await(post(4, "x".repeat(32_000))).getSeq()).isEqualTo(1);
    assertRefused(post(4, ""), ErrorCode.BAD_REQUEST, "text");
    assertRefused(post(0, "x"), ErrorCode.BAD_REQUEST, "roomId");
    assertRefused(post(-7, "x"), ErrorCode.BAD_REQUEST, "roomId");
  }

  @Test
  void senderIsWhoTheTokenBelongsTo() {
    await(join(alice.getToken(), 5));
    await(post(5, "mine"));
    assertRefused(
        send(toRoom("no such token", 5, "forged").build()),
        ErrorCode.UNAUTHENTICATED,
        "the token is unknown or has expired");

    assertThat(stored("room:5").messages())
        .filteredOn(m -> m.getConversation().equals("room:5"))
        .singleElement()
        .satisfies(
            m -> {
              assertThat(m.getSenderId()).isEqualTo(alice.getIdentity().getUserId());
              assertThat(m.getSenderName()).isEqualTo("alice");
              assertThat(m.getId()).isPositive();
              assertThat(m.getAcceptedAt()).isPositive();
            });
  }

  @Test
  void postToARoomNotJoinedIsRefusedButAJoinOnItsWayCounts() {
    assertRefused(post(6, "too early"), ErrorCode.FORBIDDEN, "join room 6 first");

    Future<SendAck> early = post(6, "just before");
    await(join(alice.getToken(), 6));
    assertThat(await(early).getSeq()).isEqualTo(1);
  }

  @Test
  void directMessageNamesBothAndNeedsARecipientThatExists() {
    Identity to = bob.getIdentity();
    SendMessage.Builder direct =
        SendMessage.newBuilder()
            .setToken(alice.getToken())
            .setToUserId(to.getUserId())
            .setText("psst")
            .setV1RoomId(9);
    String pair =
        Conversations.ofPair(alice.getIdentity().getUserId(), bob.getIdentity().getUserId());
    List<Future<SendAck>> acks = IntStream.range(0, 5).mapToObj(i -> send(direct.build())).toList();
    await(Future.all(acks));

    assertThat(acks).extracting(ack -> ack.result().getSeq()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(stored(pair).messages())
        .filteredOn(m -> m.getConversation().equals(pair))
        .hasSize(5)
        .allSatisfy(
            m -> {
              assertThat(m.getRecipientId()).isEqualTo(to.getUserId());
              assertThat(m.getRecipientName()).isEqualTo("bob");
              assertThat(m.getV1RoomId()).isEqualTo(9);
            });
    assertRefused(send(direct.setToUserId(999_999).build()), ErrorCode.NOT_FOUND, "no such user");
    assertRefused(send(direct.setToUserId(0).build()), ErrorCode.BAD_REQUEST, "toUserId");
  }

  @Test
  void historyIsReadByPagesByEverySession() {
    await(join(alice.getToken(), 7));
    for (int i = 1; i <= 5; i++) {
      await(post(7, "h" + i));
    }
    stored("room:7");

    HistoryPage newest = await(history(alice.getToken(), 0, 2));
    assertThat(newest.getMessagesList()).extracting(ChatMessage::getSeq).containsExactly(5L, 4L);
    assertThat(newest.getHasMore()).isTrue();
    HistoryPage rest = await(history(alice.getToken(), 4, 100));
    assertThat(rest.getMessagesList())
        .extracting(ChatMessage::getText)
        .containsExactly("h3", "h2", "h1");
    assertThat(rest.getHasMore()).isFalse();
    assertRefused(
        history("", 0, 1), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
    assertRefused(
        history("unknown", 0, 1), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
    assertThat(await(history(bob.getToken(), 0, 1)).getMessagesList()).hasSize(1);
  }

  @Test
  void nodesFetchWhatIsStoredWithinABoundOfBytes() {
    await(join(alice.getToken(), 8));
    await(Future.all(IntStream.range(0, 40).mapToObj(i -> post(8, "x".repeat(30_000))).toList()));
    stored("room:8");

    var page =
        await(
            ask(
                logic ->
                    logic.fetch(
                        FetchMessages.newBuilder()
                            .setConversation("room:8")
                            .setAfter(2)
                            .setLimit(500)
                            .build())));
    assertThat(page.getMessages(0).getSeq()).isEqualTo(3);
    assertThat(page.getMessagesCount()).isBetween(30, 36);
    assertThat(page.getHasMore()).isTrue();
    var heads =
        await(
            ask(
                logic ->
                    logic.heads(
                        ReadHeads.newBuilder()
                            .addConversations("room:8")
                            .addConversations("room:404")
                            .build())));
    assertThat(heads.getHeadsMap()).containsExactly(Map.entry("room:8", 40L));
  }

  private Future<SendAck> send(SendMessage request) {
    return ask(logic -> logic.send(request));
  }

  private Future<SendAck> post(long room, String text) {
    return send(toRoom(alice.getToken(), room, text).build());
  }

  private Future<HistoryPage> history(String token, long before, int limit) {
    ReadHistory request =
        ReadHistory.newBuilder()
            .setToken(token)
            .setRoomId(7)
            .setBefore(before)
            .setLimit(limit)
            .build();
    return ask(logic -> logic.history(request));
  }
}
