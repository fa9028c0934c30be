package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SendResult;
import chat.parley.proto.SessionOpened;
import chat.parley.stores.MessageStore;
import chat.parley.stores.PushQueue;
import chat.parley.stores.redis.RedisStores;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ids are remembered for ten minutes here. */
class ResendsTest extends DeviceFixture {
  private RedisStores forgetfulStores;
  private PushQueue forgetful;

  @BeforeAll
  void openForgetful() {
    JsonObject settings = config.copy();
    settings.getJsonObject("redis").put("remember-ids", "1ms");
    forgetfulStores = await(RedisStores.open(vertx, settings));
    forgetful = forgetfulStores.pushQueue(database.messages());
  }

  @AfterAll
  void closeForgetful() {
    await(forgetfulStores.close());
  }

  @Test
  void resendThatMayBeAForgottenEntryOfTheQueueIsNotASecondMessage() {
    SessionOpened ann = user("ann");
    SessionOpened ben = user("ben");
    String conversation = pair(ann, ben);
    SendMessage known = direct(ben, "known").build();
    SendAck first = ackOf(sent(ann, known).get(0));
    stored(conversation);
    trimmed(conversation);
    accepted(conversation, ann, "forgotten", Duration.ofMinutes(9).plusSeconds(30));
    SendMessage again = direct(ben, "forgotten").setResend(true).build();

    List<SendResult> results =
        sent(
            ann,
            known.toBuilder().setResend(true).build(),
            again,
            direct(ben, "behind it").build(),
            direct(ann, "elsewhere").build());

    assertThat(ackOf(results.get(0))).isEqualTo(first.toBuilder().setRepeated(true).build());
    assertThat(ErrorCode.of(results.get(1).getFailure().getCode()))
        .isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(results.get(1).getFailure().getMessage()).contains("wait to be stored");
    assertThat(results.get(2).getFailure()).isEqualTo(results.get(1).getFailure());
    assertThat(ackOf(results.get(3)).getSeq()).isEqualTo(1);
    assertThat(refusal(again.toBuilder().setToken(ann.getToken()).build()))
        .isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(queued(conversation)).hasSize(1);

    stored(conversation);
    trimmed(conversation);
    assertThat(ackOf(sent(ann, again).get(0)).getSeq()).isEqualTo(2);
    assertThat(ackOf(sent(ann, again).get(0)).getRepeated()).isTrue();
  }

  @Test
  void resendsAndFirstAttemptsPassWhileWhatWaitsIsRemembered() {
    SessionOpened cid = user("cid");
    SessionOpened dot = user("dot");
    accepted(pair(cid, dot), cid, "waiting", Duration.ofMinutes(8));

    List<SendResult> results =
        sent(cid, direct(dot, "lost").setResend(true).build(), direct(dot, "new").build());

    assertThat(ackOf(results.get(0)).getSeq()).isEqualTo(2);
    assertThat(ackOf(results.get(1)).getSeq()).isEqualTo(3);
  }

  @Test
  void firstAttemptsAreTakenHoweverLongTheQueueWaits() {
    SessionOpened eve = user("eve");
    accepted(pair(eve, eve), eve, "old", Duration.ofHours(5));

    assertThat(ackOf(sent(eve, direct(eve, "new").build()).get(0)).getSeq()).isEqualTo(2);
  }

  @Test
  void entryThatIsStoredBetweenTheTwoLooksIsNotMissedByBoth() {
    SessionOpened fay = user("fay");
    String conversation = pair(fay, fay);
    accepted(conversation, fay, "late", Duration.ofHours(1));
    ChatMessage.Builder again = queued(conversation).get(0).toBuilder().clearSeq();
    Resends resends =
        new Resends(
            queue, storedAfterALook(conversation), Duration.ofMinutes(10), Clock.systemUTC());

    assertRefused(resends.find(again), ErrorCode.UNAVAILABLE, "wait to be stored");
    assertThat(queued(conversation)).isEmpty();
    assertThat(await(resends.find(again)))
        .hasValueSatisfying(ack -> assertThat(ack.getSeq()).isEqualTo(1));
  }

  /** The store, in which a worker puts what waits just after the store was asked for an id. */
  private MessageStore storedAfterALook(String conversation) {
    MessageStore real = database.messages();
    return (MessageStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {MessageStore.class},
            (proxy, method, args) -> {
              Future<?> answer = (Future<?>) method.invoke(real, args);
              return answer.compose(
                  found ->
                      vertx.executeBlocking(
                          () -> {
                            stored(conversation);
                            trimmed(conversation);
                            return found;
                          }));
            });
  }

  /** Accepts a message as a logic node did that long ago, with an id that Redis has forgotten. */
  private void accepted(String conversation, SessionOpened sender, String id, Duration ago) {
    await(
        forgetful.accept(
            ChatMessage.newBuilder()
                .setConversation(conversation)
                .setId(1)
                .setAcceptedAt(Instant.now().minus(ago).toEpochMilli())
                .setSenderId(idOf(sender))
                .setSenderName(sender.getIdentity().getUserName())
                .setText(id)
                .setClientMessageId(id)
                .build()));
  }

  private List<SendResult> sent(SessionOpened sender, SendMessage... messages) {
    return await(sendMany(sender, List.of(messages))).getResultsList();
  }

  /** Asked on the bus itself: the client would try again until its deadline. */
  private ErrorCode refusal(SendMessage message) {
    return await(
        vertx
            .eventBus()
            .request(Addresses.SEND, message, ProtoCodec.options())
            .transform(end -> Future.succeededFuture(ChatError.of(end.cause()).code())));
  }

  private static SendMessage.Builder direct(SessionOpened to, String text) {
    return toUser(to, text).setClientMessageId(text);
  }

  private static SendAck ackOf(SendResult result) {
    assertThat(result.hasAck()).as(result.toString()).isTrue();
    return result.getAck();
  }
}
