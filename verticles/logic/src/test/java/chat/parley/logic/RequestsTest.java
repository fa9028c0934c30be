package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Asked;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.AskAgain;
import chat.parley.proto.LoggedOut;
import chat.parley.proto.Logout;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final String ADDRESS = "slow";
  private static final Logout REQUEST = Logout.getDefaultInstance();
  private static final Asked OWN = Asked.now(REQUEST, 0);
  private static final long STRANGERS_MS = 1L << 40;
  private static final int MOST = 2;
  private static final int WAITS_MS = 60_000;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Promise<LoggedOut> answer = Promise.promise();
  private final AtomicInteger begun = new AtomicInteger();
  private final Requests requests = new Requests(vertx, MOST);

  @BeforeEach
  void serve() {
    ProtoCodec.install(vertx);
    LogicFixture.await(
        on(
            () ->
                requests.serve(
                    ADDRESS,
                    (Logout request) -> {
                      begun.incrementAndGet();
                      return answer.future();
                    })));
  }

  @AfterEach
  void close() {
    LogicFixture.await(vertx.close());
  }

  @Test
  void whatIsOverTheBoundIsRefusedAtOnce() {
    Future<?> first = ask();
    Future<?> second = ask();
    Future<?> third = ask();

    assertThat(codeOf(third)).isEqualTo(ErrorCode.OVERLOADED);
    answer.complete(LoggedOut.getDefaultInstance());
    LogicFixture.await(Future.all(first, second));
  }

  @Test
  void drainEndsWhatIsUnderWayAndTakesNothingMore() {
    Future<?> underWay = ask();
    Future<Void> drained = on(() -> requests.drain(Duration.ofSeconds(20)));

    assertThat(codeOf(ask())).isIn(ErrorCode.SHUTTING_DOWN, ErrorCode.UNAVAILABLE);
    assertThat(drained.isComplete()).isFalse();
    answer.complete(LoggedOut.getDefaultInstance());
    LogicFixture.await(underWay);
    LogicFixture.await(drained);
  }

  @Test
  void drainEndsAtItsDeadline() {
    ask();
    LogicFixture.await(on(() -> requests.drain(Duration.ofMillis(50))));
  }

  /** What an older node sends. */
  @Test
  void aRequestThatDoesNotSayHowLongSomebodyWaitsIsServed() {
    Future<?> asked = ask();
    answer.complete(LoggedOut.getDefaultInstance());
    LogicFixture.await(asked);
    assertThat(begun).hasValue(1);
  }

  @Test
  void aRequestThatNobodyWaitsForAnyMoreIsNotBegun() {
    assertThat(codeOf(ask(new Asked(REQUEST, OWN.clock(), Asked.nowMs() - 5_000, 5_000))))
        .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    assertThat(begun).hasValue(0);
  }

  @Test
  void whoseClockIsNotKnownIsAskedWhetherHeStillWaits() {
    Message<?> question = LogicFixture.await(ask(stranger(0)));
    assertThat(question.body()).isEqualTo(AskAgain.getDefaultInstance());
    assertThat(begun).hasValue(0);

    Future<?> asked = question.replyAndRequest(stranger(0), ProtoCodec.options());
    answer.complete(LoggedOut.getDefaultInstance());
    LogicFixture.await(asked);
    assertThat(begun).hasValue(1);

    // From now on it is known how old his requests are.
    assertThat(LogicFixture.await(ask(stranger(0))).body())
        .isEqualTo(LoggedOut.getDefaultInstance());

    // His clock may have stood still, and not he have given up.
    Message<?> late = LogicFixture.await(ask(stranger(2 * WAITS_MS)));
    assertThat(late.body()).isEqualTo(AskAgain.getDefaultInstance());
    assertThat(begun).hasValue(2);
    LogicFixture.await(late.replyAndRequest(stranger(2 * WAITS_MS), ProtoCodec.options()));
    assertThat(LogicFixture.await(ask(stranger(2 * WAITS_MS))).body())
        .isEqualTo(LoggedOut.getDefaultInstance());
    assertThat(begun).hasValue(4);
  }

  @Test
  void aQuestionThatNobodyAnswersEndsWithTheWait() {
    Asked gone = new Asked(REQUEST, OWN.clock() + 2, 0, 1);
    for (int i = 0; i < MOST; i++) {
      Message<?> question = LogicFixture.await(ask(gone));
      assertThat(question.body()).isEqualTo(AskAgain.getDefaultInstance());
    }
    Future<Void> drained = on(() -> requests.drain(Duration.ofSeconds(20)));
    LogicFixture.await(drained);
    assertThat(begun).hasValue(0);
  }

  /** A request of another process, on whose clock it is much later, and how old it is. */
  private static Asked stranger(long ageMs) {
    long sentMs = Asked.nowMs() + STRANGERS_MS - ageMs;
    return new Asked(REQUEST, OWN.clock() + 1, sentMs, WAITS_MS);
  }

  private Future<Message<Object>> ask(Asked asked) {
    return vertx.eventBus().request(ADDRESS, asked, ProtoCodec.options());
  }

  private Future<Message<LoggedOut>> ask() {
    return vertx.eventBus().request(ADDRESS, Logout.getDefaultInstance(), ProtoCodec.options());
  }

  private <T> Future<T> on(Supplier<Future<T>> call) {
    Promise<T> result = Promise.promise();
    context.runOnContext(v -> call.get().onComplete(result));
    return result.future();
  }

  private static ErrorCode codeOf(Future<?> request) {
    Throwable failure =
        LogicFixture.await(request.<Throwable>transform(r -> Future.succeededFuture(r.cause())));
    return ChatError.of(failure).code();
  }
}
