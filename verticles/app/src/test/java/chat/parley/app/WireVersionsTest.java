package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.LogicClient;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two versions of the wire byte in one cluster, over its real bus. */
class WireVersionsTest {
  private static final CheckAuth REQUEST = CheckAuth.newBuilder().setToken("t").build();

  /** Nothing here waits for it: what is refused is refused at once. */
  private static final Duration DEADLINE = Duration.ofSeconds(40);

  @Test
  void aVersionTooFarAwayIsRefusedByNameAndAnotherNodeIsAsked() throws Exception {
    try (ClusterOfTwo cluster = new ClusterOfTwo(3)) {
      Vertx two = cluster.two();
      AtomicInteger refused = new AtomicInteger();
      ClusterOfTwo.await(
          two.eventBus()
              .<CheckAuth>consumer(
                  Addresses.CHECK_AUTH,
                  request -> {
                    try {
                      ProtoCodec.bodyOf(request);
                    } catch (ChatError unreadable) {
                      refused.incrementAndGet();
                      unreadable.failTo(request);
                    }
                  })
              .completion());
      assertThatThrownBy(() -> ask(cluster.one(), Duration.ofMillis(500)))
          .isInstanceOfSatisfying(
              ChatError.class,
              error -> {
                assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                assertThat(error).hasMessageContaining("bus wire version 1 is too far from 3");
              });

      ClusterOfTwo.await(
          cluster
              .one()
              .eventBus()
              .<CheckAuth>consumer(
                  Addresses.CHECK_AUTH,
                  request ->
                      request.reply(
                          Identity.newBuilder().setUserId(7).build(), ProtoCodec.options()))
              .completion());
      int before = refused.get();
      while (refused.get() == before) {
        assertThat(ask(cluster.one(), DEADLINE).getUserId()).isEqualTo(7);
      }
    }
  }

  @Test
  void anAnswerThatCannotBeReadEndsTheRequestAtOnce() {
    try (ClusterOfTwo cluster = new ClusterOfTwo(3)) {
      ClusterOfTwo.await(
          cluster
              .two()
              .eventBus()
              .consumer(
                  Addresses.CHECK_AUTH,
                  request -> request.reply(Identity.getDefaultInstance(), ProtoCodec.options()))
              .completion());
      assertThatThrownBy(() -> ask(cluster.one(), DEADLINE))
          .isInstanceOfSatisfying(
              ChatError.class,
              error -> {
                assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
                assertThat(error).hasMessageContaining("bus wire version 3 is too far from 1");
              });
    }
  }

  private static Identity ask(Vertx vertx, Duration deadline) throws Exception {
    LogicClient logic = new LogicClient(vertx, deadline, 1, "test.max-in-flight");
    Future<Identity> answer =
        Future.future(
            asked ->
                vertx
                    .getOrCreateContext()
                    .runOnContext(there -> logic.checkAuth(REQUEST).onComplete(asked)));
    try {
      // Shorter than the deadline: who would wait for that has not been answered.
      return answer.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ChatError error ? error : e;
    }
  }
}
