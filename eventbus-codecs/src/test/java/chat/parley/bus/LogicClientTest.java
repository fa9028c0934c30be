package chat.parley.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.proto.CheckAuth;
import chat.parley.proto.Identity;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogicClientTest {
  private static final CheckAuth REQUEST = CheckAuth.newBuilder().setToken("t").build();
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();

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
    LogicClient client = new LogicClient(vertx, Duration.ofMillis(200), 10, "test.max-in-flight");
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
    LogicClient client = new LogicClient(vertx, Duration.ofMillis(200), 10, "test.max-in-flight");
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
    LogicClient client = new LogicClient(vertx, Duration.ofSeconds(5), 10, "test.max-in-flight");
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
    LogicClient client = new LogicClient(vertx, Duration.ofSeconds(5), 10, "test.max-in-flight");
    assertThatThrownBy(() -> await(client.checkAuth(REQUEST))).hasMessage("redis is silent");
    assertThat(asked).hasValue(1);
  }

  @Test
  void anErrorCrossesTheBusWithItsWait() {
    vertx
        .eventBus()
        .consumer(
            Addresses.CHECK_AUTH,
            m -> ChatError.rateLimited("too many", Duration.ofMillis(90_001)).failTo(m));
    LogicClient client = new LogicClient(vertx, Duration.ofSeconds(5), 10, "test.max-in-flight");
    assertThatThrownBy(() -> await(client.checkAuth(REQUEST)))
        .hasMessage("too many, please try again in 91 s")
        .isInstanceOfSatisfying(
            ChatError.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED);
              assertThat(e.retryAfterSeconds()).isEqualTo(91);
              assertThat(ChatError.of(e.toFailure()).retryAfterSeconds()).isEqualTo(91);
            });
  }

  @Test
  void whatIsOverTheBoundWaitsItsTurnInOrder() throws Exception {
    List<io.vertx.core.eventbus.Message<CheckAuth>> asked = new CopyOnWriteArrayList<>();
    vertx.eventBus().<CheckAuth>consumer(Addresses.CHECK_AUTH, asked::add);
    List<Future<Identity>> answers = new ArrayList<>();
    LogicClient client = new LogicClient(vertx, Duration.ofSeconds(20), 2, "test.max-in-flight");
    onLoop(
        () -> {
          for (int i = 0; i < 10; i++) {
            CheckAuth request = CheckAuth.newBuilder().setToken("t" + i).build();
            answers.add(client.checkAuth(request));
          }
        });
    for (int i = 0; i < 10; i++) {
      int next = i;
      awaitUntil(() -> asked.size() > next);
      assertThat(asked).hasSizeLessThanOrEqualTo(i + 2);
      assertThat(ProtoCodec.bodyOf(asked.get(i)).getToken()).isEqualTo("t" + i);
      asked.get(i).reply(Identity.newBuilder().setUserId(i).build(), ProtoCodec.options());
      assertThat(await(answers.get(i)).getUserId()).isEqualTo(i);
    }
  }

  @Test
  void whoFindsTooManyWaitingOrHasWaitedTooLongIsRefusedAndItServesAgainAfterwards()
      throws Exception {
    var silent = vertx.eventBus().consumer(Addresses.CHECK_AUTH, request -> {});
    LogicClient client = new LogicClient(vertx, Duration.ofSeconds(2), 2, "test.max-in-flight");
    List<Future<Identity>> answers = new ArrayList<>();
    onLoop(
        () -> {
          for (int i = 0; i < 23; i++) {
            answers.add(client.checkAuth(REQUEST));
          }
        });
    assertThat(answers.get(22).failed()).as("at once").isTrue();
    assertThat(answers).filteredOn(Future::failed).hasSize(1);
    for (int i = 2; i < 23; i++) {
      Future<Identity> late = answers.get(i);
      assertThatThrownBy(() -> await(late))
          .isInstanceOfSatisfying(
              ChatError.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    }
    assertThatThrownBy(() -> await(answers.get(0))).isInstanceOf(ChatError.class);
    await(silent.unregister());
    vertx
        .eventBus()
        .consumer(
            Addresses.CHECK_AUTH,
            m -> m.reply(Identity.getDefaultInstance(), ProtoCodec.options()));
    awaitUntil(() -> client.inFlight() == 0);
    assertThat(await(client.checkAuth(REQUEST))).isEqualTo(Identity.getDefaultInstance());
  }

  /** As a verticle would: a client belongs to one event loop. */
  private void onLoop(Runnable asking) throws Exception {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(
        v -> {
          asking.run();
          done.complete();
        });
    await(done.future());
  }

  private static void awaitUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof ChatError error ? error : e;
    }
  }
}
