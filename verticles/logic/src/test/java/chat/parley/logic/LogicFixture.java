package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.LogicClient;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.Login;
import chat.parley.proto.Register;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SessionKind;
import chat.parley.proto.SessionOpened;
import chat.parley.stores.Node;
import chat.parley.stores.PushQueue;
import chat.parley.stores.jdbc.JdbcStores;
import chat.parley.stores.redis.RedisStores;
import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Logic as it is deployed, on a real Redis and a real database, asked through the bus. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LogicFixture {
  static final Duration DEADLINE = Duration.ofSeconds(5);
  static final String PASSWORD = "correct horse";

  final Vertx vertx = Vertx.vertx();
  EmbeddedRedis redis;
  RedisStores redisStores;
  JdbcStores database;
  PushQueue queue;
  Node node;
  JsonObject config;
  String deployment;

  private final Context asker = vertx.getOrCreateContext();
  private final LogicClient client = new LogicClient(vertx, DEADLINE, 1000, "test.max-in-flight");

  @BeforeAll
  void start(@TempDir Path folder) {
    ProtoCodec.install(vertx);
    redis = EmbeddedRedis.start(folder);
    config =
        new JsonObject()
            .put("data", folder.toString())
            .put("database", new JsonObject().put("pool-size", 8))
            .put("redis", new JsonObject().put("remember-ids", "1ms").put("deadline", "1s"))
            .put(
                "development-accounts",
                new JsonObject()
                    .put("names", new JsonArray().add("demo"))
                    .put("password", "111111"))
            .put(
                "logic",
                new JsonObject()
                    .put("argon2-memory-kib", 64)
                    .put("argon2-iterations", 1)
                    .put("hashing-queue", 1000)
                    .put("join-grace", "300ms"));
    // Tests that count make their own.
    config.put(
        "limits",
        new JsonObject()
            .put("wrong-passwords-per-account", "none")
            .put("registrations-per-account", "none")
            .put("messages-per-user", "none"));
    adjust(config);
    redisStores = await(RedisStores.open(vertx, config));
    database = await(JdbcStores.open(vertx, config));
    node = await(Node.join(vertx, config));
    queue = redisStores.pushQueue(database.messages());
    deployment = deploy();
  }

  @AfterAll
  void stop() {
    await(vertx.undeploy(deployment));
    await(node.leave());
    await(redisStores.close());
    await(database.close());
    await(vertx.close());
    redis.close();
  }

  /** For tests that need other settings. */
  void adjust(JsonObject settings) {}

  String deploy() {
    return await(
        vertx.deployVerticle(
            LogicVerticle.class.getName(), new DeploymentOptions().setConfig(config)));
  }

  /** Asks as a verticle would: on one event loop. */
  <T> Future<T> ask(Function<LogicClient, Future<T>> call) {
    Promise<T> answer = Promise.promise();
    asker.runOnContext(v -> call.apply(client).onComplete(answer));
    return answer.future();
  }

  SessionOpened registered(String name) {
    return await(
        ask(
            logic ->
                logic.register(
                    Register.newBuilder()
                        .setUserName(name)
                        .setPassword(PASSWORD)
                        .setKind(SessionKind.SESSION_KIND_V1)
                        .build())));
  }

  Future<SessionOpened> login(String name, String password) {
    return ask(
        logic ->
            logic.login(
                Login.newBuilder()
                    .setUserName(name)
                    .setPassword(password)
                    .setKind(SessionKind.SESSION_KIND_V1)
                    .build()));
  }

  Future<RoomJoined> join(String token, long room) {
    return ask(
        logic -> logic.joinRoom(JoinRoom.newBuilder().setToken(token).setRoomId(room).build()));
  }

  static SendMessage.Builder toRoom(String token, long room, String text) {
    return SendMessage.newBuilder().setToken(token).setRoomId(room).setText(text);
  }

  /** What a worker does with a conversation's partition, but for the delivery. */
  PushQueue.Slice stored(String conversation) {
    int partition = Conversations.partitionOf(conversation, queue.partitions());
    PushQueue.Slice slice = await(queue.read(partition, 0, 10_000));
    await(database.messages().append(slice.messages()));
    return slice;
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no end in time", e);
    }
  }

  static ChatError errorOf(Future<?> future) {
    Throwable failure =
        await(future.<Throwable>transform(end -> Future.succeededFuture(end.cause())));
    assertThat(failure).isInstanceOf(ChatError.class);
    return (ChatError) failure;
  }

  static void assertRefused(Future<?> future, ErrorCode code, String text) {
    ChatError error = errorOf(future);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error).hasMessageContaining(text);
  }
}
