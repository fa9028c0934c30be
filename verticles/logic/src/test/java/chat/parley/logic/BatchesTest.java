package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.Failure;
import chat.parley.proto.MessagesSent;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SendResult;
import chat.parley.proto.SessionOpened;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BatchesTest extends DeviceFixture {
  private static final int BOUND = 1_000;

  @Override
  void adjust(JsonObject settings) {
    super.adjust(settings);
    settings.getJsonObject("redis").put("partition-bound", BOUND);
  }

  @BeforeAll
  void deployAnother() {
    deploy();
  }

  /** Two instances, so that one may count the conversation between two messages of the other. */
  @RepeatedTest(20)
  void batchKeepsItsOrderInAConversationThatIsNewAndThatOthersWriteToAtTheSameMoment() {
    SessionOpened ann = user("ann" + UUID.randomUUID());
    SessionOpened ben = user("ben" + UUID.randomUUID());
    List<Future<MessagesSent>> sent = new ArrayList<>();
    for (int batch = 0; batch < 4; batch++) {
      sent.add(sendMany(ann, batch(toUser(ben, ""), 100, batch == 2)));
      sent.add(sendMany(ben, batch(toUser(ann, ""), 100, batch == 1)));
    }
    await(Future.all(sent));

    List<Long> all = new ArrayList<>();
    for (Future<MessagesSent> batch : sent) {
      List<Long> seqs = acks(batch.result()).stream().map(SendAck::getSeq).toList();
      assertThat(seqs).hasSize(100).isSorted();
      all.addAll(seqs);
    }
    Collections.sort(all);
    assertThat(all)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 800).mapToObj(Long::valueOf).toList());
    Map<String, List<String>> texts =
        queued(pair(ann, ben)).stream()
            .collect(
                Collectors.groupingBy(
                    m -> m.getClientMessageId().split("/")[0],
                    Collectors.mapping(ChatMessage::getText, Collectors.toList())));
    assertThat(texts).hasSize(8).allSatisfy((b, t) -> assertThat(t).isEqualTo(numbered(100)));
    stored(pair(ann, ben));
    trimmed(pair(ann, ben));
  }

  @Test
  void resendsAmongNewMessagesGetTheirFirstAcksAndTheOrderStays() {
    SessionOpened cid = user("cid");
    SessionOpened dot = user("dot");
    List<SendMessage> batch = batch(toUser(dot, ""), 6, false);
    List<SendAck> first = acks(await(sendMany(cid, batch.subList(0, 2))));
    stored(pair(cid, dot));
    List<SendMessage> marked =
        batch.stream().map(m -> m.toBuilder().setResend(true).build()).toList();
    List<SendMessage> mixed =
        List.of(
            marked.get(0), batch.get(2), marked.get(1), marked.get(3), batch.get(4), batch.get(5));

    List<SendAck> acks = acks(await(sendMany(cid, mixed)));

    assertThat(acks).extracting(SendAck::getSeq).containsExactly(1L, 3L, 2L, 4L, 5L, 6L);
    assertThat(acks.get(0)).isEqualTo(first.get(0).toBuilder().setRepeated(true).build());
    assertThat(acks.get(2)).isEqualTo(first.get(1).toBuilder().setRepeated(true).build());
  }

  @Test
  void batchThatIsSentAgainIsTheSameMessages() {
    SessionOpened eve = user("eve");
    await(join(eve.getToken(), 1));
    List<SendMessage> batch = batch(SendMessage.newBuilder().setRoomId(1), 20, false);
    List<Future<MessagesSent>> sent =
        IntStream.range(0, 5).mapToObj(i -> sendMany(eve, batch)).toList();
    await(Future.all(sent));

    List<Long> seqs = acks(sent.get(0).result()).stream().map(SendAck::getSeq).toList();
    for (Future<MessagesSent> again : sent) {
      assertThat(acks(again.result())).extracting(SendAck::getSeq).isEqualTo(seqs);
    }
    assertThat(queued("room:1")).extracting(ChatMessage::getText).isEqualTo(numbered(20));
  }

  @Test
  void wrongMessageIsRefusedByItself() {
    SessionOpened fay = user("fay");
    await(join(fay.getToken(), 2));
    SendMessage good = toRoom("", 2, "good").setClientMessageId("g1").build();
    List<SendMessage> batch =
        List.of(
            good,
            good.toBuilder().setClientMessageId("").build(),
            good.toBuilder().setClientMessageId("g2").setText("").build(),
            good.toBuilder().setClientMessageId("g3").setToUserId(999_999).build(),
            good.toBuilder().setClientMessageId("g4").clearTarget().build(),
            good.toBuilder().setClientMessageId("g5").setRoomId(404).build(),
            good.toBuilder().setClientMessageId("x".repeat(129)).build(),
            good.toBuilder().setClientMessageId("g6").setText("x".repeat(33_000)).build(),
            good.toBuilder().setClientMessageId("g7").build());

    List<SendResult> results = await(sendMany(fay, batch)).getResultsList();

    assertThat(results).hasSize(9);
    assertThat(results.get(0).getAck().getSeq()).isEqualTo(1);
    assertFailed(results.get(1), ErrorCode.BAD_REQUEST, "clientMessageId must not be empty");
    assertFailed(results.get(2), ErrorCode.BAD_REQUEST, "text");
    assertFailed(results.get(3), ErrorCode.NOT_FOUND, "no such user");
    assertFailed(results.get(4), ErrorCode.BAD_REQUEST, "roomId or toUserId");
    assertFailed(results.get(5), ErrorCode.FORBIDDEN, "join room 404 first");
    assertFailed(results.get(6), ErrorCode.TOO_LARGE, "128");
    assertFailed(results.get(7), ErrorCode.TOO_LARGE, "32763");
    assertThat(results.get(8).getAck().getSeq()).isEqualTo(2);
  }

  @Test
  void roomsThatWereNotJoinedDoNotKeepADirectMessageBack() {
    SessionOpened gus = user("gus");
    SendMessage room = toRoom("", 405, "no").setClientMessageId("r").build();
    SendMessage direct = toUser(gus, "yes").setClientMessageId("d").build();

    List<SendResult> results = await(sendMany(gus, List.of(room, direct))).getResultsList();

    assertFailed(results.get(0), ErrorCode.FORBIDDEN, "join room 405 first");
    assertThat(results.get(1).getAck().getSeq()).isEqualTo(1);
  }

  @Test
  void requestAsAWholeNeedsASessionAndABoundedSize() {
    SessionOpened hal = user("hal");
    List<SendMessage> many = batch(toUser(hal, ""), 513, false);

    assertRefused(sendMany(hal, many), ErrorCode.BAD_REQUEST, "512");
    assertThat(await(sendMany(hal, many.subList(0, 512))).getResultsCount()).isEqualTo(512);
    assertThat(await(sendMany(hal, List.of())).getResultsCount()).isZero();
    assertRefused(
        sendMany(SessionOpened.newBuilder().setToken("no").build(), many.subList(0, 1)),
        ErrorCode.UNAUTHENTICATED,
        "the token is unknown or has expired");
    stored(pair(hal, hal));
    trimmed(pair(hal, hal));
  }

  @Test
  void whatFollowsARefusalThatMayPassIsRefusedToo() {
    SessionOpened ida = user("ida");
    SessionOpened joe = user("joe");
    String conversation = pair(ida, joe);
    int free = BOUND - (int) depth(conversation);
    for (int left = free - 5; left > 0; left -= 500) {
      await(sendMany(ida, batch(toUser(joe, ""), Math.min(500, left), false)));
    }

    List<SendResult> results =
        await(sendMany(ida, batch(toUser(joe, ""), 12, false))).getResultsList();

    assertThat(results.subList(0, 5)).allSatisfy(r -> assertThat(r.hasAck()).isTrue());
    assertThat(results.subList(5, 12))
        .allSatisfy(r -> assertFailed(r, ErrorCode.OVERLOADED, "wait for delivery"));
    stored(conversation);
    trimmed(conversation);
    assertThat(acks(await(sendMany(ida, batch(toUser(joe, ""), 3, false)))))
        .extracting(SendAck::getSeq)
        .isSorted()
        .endsWith((long) free + 3);
  }

  private static List<SendMessage> batch(SendMessage.Builder target, int size, boolean resend) {
    String name = UUID.randomUUID().toString();
    return IntStream.range(0, size)
        .mapToObj(
            i ->
                target
                    .clone()
                    .setText("message " + i)
                    .setClientMessageId(name + "/" + i)
                    .setResend(resend && i % 3 == 0)
                    .build())
        .toList();
  }

  private static List<String> numbered(int size) {
    return IntStream.range(0, size).mapToObj(i -> "message " + i).toList();
  }

  private static List<SendAck> acks(MessagesSent sent) {
    assertThat(sent.getResultsList()).allMatch(SendResult::hasAck);
    return sent.getResultsList().stream().map(SendResult::getAck).toList();
  }

  private static void assertFailed(SendResult result, ErrorCode code, String text) {
    Failure failure = result.getFailure();
    assertThat(ErrorCode.of(failure.getCode())).isEqualTo(code);
    assertThat(failure.getMessage()).contains(text);
  }
}
