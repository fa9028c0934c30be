package chat.parley.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.proto.CheckAuth;
import chat.parley.proto.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogicClientTest {
  private static final CheckAuth REQUEST = CheckAuth.newBuilder().setToken("t").build();
  private final Vertx vertx = Vertx.vertx();

  @BeforeEach
  void installCodec() {
    ProtoCodec.install(vertx);
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void whereNobodyAnswersTheRequestEndsAsARetryableOutage() {
    LogicClient client = new LogicClient(vertx, Duration.ofMillis(200), 10);
    assertThatThrownBy(() -> await(client.checkAuth(REQUEST)))
        .isInstanceOfSatisfying(
            ChatError.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
              assertThat(e.retryable()).isTrue();
            });
  }

  @Test
  void aRequestThatIsNeverAnsweredEndsByTheDeadline() {
    vertx.eventBus().consumer(Addresses.CHECK_AUTH, silent -> {});
    LogicClient client = new LogicClient(vertx, Duration.ofMillis(200), 10);
    assertThatThrownBy(() -> await(client.checkAuth(REQUEST)))
        .isInstanceOfSatisfying(
            ChatError.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    assertThat(client.inFlight()).isZero();
  }

  @Test
  void aDrainingNodeSendsTheRequestToAnother() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    vertx
        .eventBus()
        .consumer(
            Addresses.CHECK_AUTH,
            m -> {
              if (asked.getAndIncrement() == 0) {
                new ChatError(ErrorCode.SHUTTING_DOWN, "draining").failTo(m);
              } else {
                m.reply(Identity.newBuilder().setUserId(3).build(), ProtoCodec.options());
              }
            });
    LogicClient client = new LogicClient(vertx, Duration.ofSeconds(5), 10);
    assertThat(await(client.checkAuth(REQUEST)).getUserId()).isEqualTo(3);
    assertThat(asked).hasValue(2);
  }

  @Test
  void aRequestWhoseOutcomeIsUnknownIsNotRepeated() {
    AtomicInteger asked = new AtomicInteger();
    vertx
        .eventBus()
        .consumer(
            Addresses.CHECK_AUTH,
            m -> {
              asked.incrementAndGet();
              new ChatError(ErrorCode.DEADLINE_EXCEEDED, "redis is silent").failTo(m);
            });
    LogicClient client = new LogicClient(vertx, Duration.ofSeconds(5), 10);
    assertThatThrownBy(() -> await(client.checkAuth(REQUEST))).hasMessage("redis is silent");
    assertThat(asked).hasValue(1);
  }

  @Test
  void overItsBoundItRefusesAtOnceAndServesAgainAfterwards() throws Exception {
    List<io.vertx.core.eventbus.Message<?>> waiting = new ArrayList<>();
    var consumer = vertx.eventBus().consumer(Addresses.CHECK_AUTH, waiting::add);
    LogicClient client = new LogicClient(vertx, Duration.ofMillis(300), 2);
    Future<Identity> first = client.checkAuth(REQUEST);
    Future<Identity> second = client.checkAuth(REQUEST);
    assertThatThrownBy(() -> await(client.checkAuth(REQUEST)))
        .isInstanceOfSatisfying(
            ChatError.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    assertThatThrownBy(() -> await(first)).isInstanceOf(ChatError.class);
    assertThatThrownBy(() -> await(second)).isInstanceOf(ChatError.class);
    await(consumer.unregister());
    vertx
        .eventBus()
        .consumer(
            Addresses.CHECK_AUTH,
            m -> m.reply(Identity.getDefaultInstance(), ProtoCodec.options()));
    assertThat(await(client.checkAuth(REQUEST))).isEqualTo(Identity.getDefaultInstance());
  }

  private static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof ChatError error ? error : e;
    }
  }
}
