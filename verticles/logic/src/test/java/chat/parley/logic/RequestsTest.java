package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.LoggedOut;
import chat.parley.proto.Logout;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final String ADDRESS = "slow";

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Promise<LoggedOut> answer = Promise.promise();
  private final Requests requests = new Requests(vertx, 2);

  @BeforeEach
  void serve() {
    ProtoCodec.install(vertx);
    LogicFixture.await(on(() -> requests.serve(ADDRESS, (Logout request) -> answer.future())));
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
