package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.LogicClient;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.Login;
import chat.parley.proto.SessionKind;
import chat.parley.proto.SessionOpened;
import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real logic on two nodes of one cluster, which write neighbouring versions of the wire. */
class LeavingNodeTest {
  private static final int LEAVES = 3;

  @TempDir Path data;

  /** A request that is lost on the bus would end by this deadline, and the test would see it. */
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  @Test
  void noRequestIsLostWhenTheNodeThatWouldHaveServedItLeaves() {
    JsonObject config = Settings.load("dev.yaml", Map.of(), data.toString());
    EmbeddedRedis redis = EmbeddedRedis.start(data);
    try (ClusterOfTwo cluster = new ClusterOfTwo(2)) {
      String stays = deployLogic(cluster.one(), config);
      Load load = new Load(cluster.one());
      ClusterOfTwo.await(load.begin());
      for (int i = 0; i < LEAVES; i++) {
        String leaves = deployLogic(cluster.two(), config);
        load.awaitMore(500);
        ClusterOfTwo.await(cluster.two().undeploy(leaves));
      }
      load.awaitMore(500);
      load.end();
      ClusterOfTwo.await(cluster.one().undeploy(stays));
    } finally {
      redis.close();
    }
  }

  private static String deployLogic(Vertx vertx, JsonObject config) {
    return ClusterOfTwo.await(
        vertx.deployVerticle(
            Layer.LOGIC.className(), new DeploymentOptions().setConfig(config.copy())));
  }

  /** Some requests at a time, each followed by the next. */
  private static final class Load {
    private static final int LINES = 8;

    private final Vertx vertx;
    private final AtomicInteger served = new AtomicInteger();
    private LogicClient logic;
    private CheckAuth request;
    private volatile Throwable failure;
    private volatile boolean stopping;

    Load(Vertx vertx) {
      this.vertx = vertx;
    }

    Future<Void> begin() {
      logic = new LogicClient(vertx, DEADLINE, LINES, "test.max-in-flight");
      Login login =
          Login.newBuilder()
              .setUserName("demo")
              .setPassword("111111")
              .setKind(SessionKind.SESSION_KIND_V1)
              .build();
      return Future.future(
          begun ->
              vertx
                  .getOrCreateContext()
                  .runOnContext(there -> logic.login(login).map(this::go).onComplete(begun)));
    }

    private Void go(SessionOpened session) {
      request = CheckAuth.newBuilder().setToken(session.getToken()).build();
      for (int i = 0; i < LINES; i++) {
        next();
      }
      return null;
    }

    private void next() {
      if (!stopping) {
        logic
            .checkAuth(request)
            .onSuccess(
                identity -> {
                  served.incrementAndGet();
                  next();
                })
            .onFailure(t -> failure = t);
      }
    }

    void awaitMore(int requests) {
      int goal = served.get() + requests;
      long end = System.nanoTime() + 3 * DEADLINE.toNanos();
      while (served.get() < goal && failure == null && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(failure).isNull();
      assertThat(served.get()).isGreaterThanOrEqualTo(goal);
    }

    /** No line has stopped, so none waits for an answer that was lost. */
    void end() {
      stopping = true;
      long end = System.nanoTime() + DEADLINE.toNanos() / 2;
      while (logic.inFlight() > 0 && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(logic.inFlight()).as("requests without an answer").isZero();
      assertThat(failure).isNull();
    }
  }
}
