package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.LogicClient;
import chat.parley.bus.ProtoCodec;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real logic over a real Redis and database, scaled while requests are under way. */
class ScalingTest {
  @TempDir Path data;

  private EmbeddedRedis redis;
  private Vertx vertx;
  private NodeDirectory nodes;
  private Scaler scaler;

  @BeforeEach
  void start() throws Exception {
    redis = EmbeddedRedis.start(data);
    vertx = Vertx.vertx();
    JsonObject config =
        Settings.load("dev.yaml", Map.of("PARLEY_MANAGEMENT_PORT", "0"), data.toString());
    await(
        vertx.deployVerticle(
            () -> new ProcessVerticle(Map.of(Layer.LOGIC, 1), new DeploymentOptions(), true),
            new DeploymentOptions().setConfig(config)));
    nodes = new NodeDirectory(vertx);
    scaler = new Scaler(nodes, Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
    redis.close();
  }

  @Test
  void noRequestIsLostWhileInstancesComeAndGo() throws Exception {
    ProtoCodec.install(vertx);
    LogicClient logic = new LogicClient(vertx, Duration.ofSeconds(20), 64, "test.max-in-flight");
    Login login =
        Login.newBuilder()
            .setUserName("demo")
            .setPassword("111111")
            .setKind(SessionKind.SESSION_KIND_V1)
            .build();
    SessionOpened session = await(logic.login(login));
    CheckAuth request = CheckAuth.newBuilder().setToken(session.getToken()).build();
    Load load = new Load(logic, request);
    vertx.getOrCreateContext().runOnContext(go -> load.run(8));

    for (int instances : new int[] {3, 1, 2, 1}) {
      int served = load.served.get();
      assertThat(await(scaler.scale("logic", instances, null)).get(0).getAfter())
          .isEqualTo(instances);
      load.awaitServed(served + 50);
    }
    load.stop.set(true);
    assertThat(load.failure).isNull();
    assertThat(await(nodes.ask()).statuses().get(0).getVerticles(0).getInstances()).isEqualTo(1);
  }

  @Test
  void whatIsNotHostedHereIsRefusedByName() throws Exception {
    Throwable refusal =
        scaler
            .scale("connect", 2, null)
            .toCompletionStage()
            .handle((ok, t) -> t)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    assertThat(refusal).hasMessageContaining("no node hosts");
    Throwable unknown =
        scaler
            .scale("logic", 2, "elsewhere")
            .toCompletionStage()
            .handle((ok, t) -> t)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    assertThat(unknown).hasMessageContaining("there is no node elsewhere");
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** Requests one after the other on several lines, until told to stop. */
  private static final class Load {
    private final LogicClient logic;
    private final CheckAuth request;
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private volatile Throwable failure;

    Load(LogicClient logic, CheckAuth request) {
      this.logic = logic;
      this.request = request;
    }

    void run(int lines) {
      for (int i = 0; i < lines; i++) {
        next();
      }
    }

    private void next() {
      if (!stop.get()) {
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

    void awaitServed(int count) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (served.get() < count && failure == null && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(failure).isNull();
      assertThat(served.get()).isGreaterThanOrEqualTo(count);
    }
  }
}
