package chat.parley.api;

import static chat.parley.api.ApiUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import chat.parley.bus.LogicClient;
import chat.parley.logic.LogicVerticle;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.JoinRoom;
import chat.parley.stores.Node;
import chat.parley.stores.jdbc.JdbcStores;
import chat.parley.stores.redis.RedisStores;
import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of v1's table, with the real logic, a real Redis and a real database behind it. */
class V1ApiTest {
  private static final long ROOM = 7;
  private static final long DAY_1 = 1_767_225_600_000L; // 2026-01-01T00:00:00Z

  private static EmbeddedRedis redis;
  private static ApiUnderTest api;
  private static RedisStores redisStores;
  private static JdbcStores database;
  private static Node node;

  @BeforeAll
  static void start(@TempDir Path folder) {
    redis = EmbeddedRedis.start(folder);
    JsonObject config =
        new JsonObject()
            .put("data", folder.toString())
            .put("api", new JsonObject().put("time-zone", "UTC"))
            .put(
                "development-accounts",
                new JsonObject()
                    .put("names", new JsonArray().add("demo").add("test"))
                    .put("password", "111111"))
            .put(
                "logic",
                new JsonObject()
                    .put("argon2-memory-kib", 64)
                    .put("argon2-iterations", 1)
                    .put("join-grace", "100ms"));
    api = new ApiUnderTest(config);
    redisStores = await(RedisStores.open(api.vertx, config));
    database = await(JdbcStores.open(api.vertx, config));
    node = await(Node.join(api.vertx, config));
    await(
        api.vertx.deployVerticle(
            LogicVerticle.class.getName(), new DeploymentOptions().setConfig(config)));
  }

  @AfterAll
  static void stop() {
    await(node.leave());
    await(redisStores.close());
    await(database.close());
    api.close();
    redis.close();
  }

  @Test
  void registersOnceAndChecksTheToken() {
    JsonObject account = new JsonObject().put("userName", "newcomer").put("passWord", "secret 1");
    JsonObject first = api.post("/user/register", account);
    assertThat(first.getInteger("code")).isZero();
    assertThat(first.getString("message")).isEqualTo("register success");
    assertThat(api.post("/user/register", account))
        .isEqualTo(failure("this user name already have , please login !!!"));
    JsonObject who = api.post("/user/checkAuth", authToken(first.getString("data")));
    assertThat(who.getString("message")).isEqualTo("auth success");
    assertThat(who.getJsonObject("data").getString("userName")).isEqualTo("newcomer");
    assertThat(who.getJsonObject("data").getInteger("userId")).isPositive();
  }

  @Test
  void wrongPasswordAndUnknownNameAreAnsweredAlike() {
    JsonObject wanted = failure("no this user or password error!");
    assertThat(api.post("/user/login", credentials("demo", "wrong"))).isEqualTo(wanted);
    assertThat(api.post("/user/login", credentials("nobody", "wrong"))).isEqualTo(wanted);
  }

  @Test
  void loginEndsTheEarlierV1SessionAndLogoutTheLast() {
    String first = login("demo");
    String second = login("demo");
    assertThat(api.post("/user/checkAuth", authToken(first))).isEqualTo(sessionError());
    assertThat(api.post("/user/logout", authToken(second)))
        .isEqualTo(success("logout ok!").putNull("data"));
    assertThat(api.post("/user/checkAuth", authToken(second))).isEqualTo(sessionError());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/user/checkAuth",
        "/user/logout",
        "/push/push",
        "/push/pushRoom",
        "/push/count",
        "/push/getRoomInfo",
        "/push/history"
      })
  void unknownTokenIsASessionError(String path) {
    JsonObject body = authToken("unknown").put("msg", "m").put("toUserId", "1").put("roomId", ROOM);
    assertThat(api.post(path, body)).isEqualTo(sessionError());
  }

  @Test
  void messageToARoomIsAcceptedOnceJoined() {
    String token = login("test");
    JsonObject message = authToken(token).put("msg", "hello").put("roomId", 8).put("op", 3);
    assertThat(api.post("/push/pushRoom", message)).isEqualTo(failure("join room 8 first"));
    join(token, 8);
    assertThat(api.post("/push/pushRoom", message)).isEqualTo(success("ok").put("data", ""));
    assertThat(heads(8)).isEqualTo(1);
  }

  @Test
  void namedMessageSentAgainIsOneMessage() {
    String token = login("test");
    join(token, 9);
    JsonObject message =
        authToken(token).put("msg", "hello").put("roomId", "9").put("clientMessageId", "one");
    assertThat(api.post("/push/pushRoom", message).getInteger("code")).isZero();
    assertThat(api.post("/push/pushRoom", message.put("resend", true)).getInteger("code")).isZero();
    assertThat(heads(9)).isEqualTo(1);
  }

  @Test
  void messageToAUserIsAcceptedWhetherTheUserIsThereOrNot() {
    String token = login("test");
    Integer demo = userId(login("demo"));
    JsonObject message = authToken(token).put("msg", "hello").put("roomId", ROOM);
    JsonObject ok = success("ok").putNull("data");
    assertThat(api.post("/push/push", message.copy().put("toUserId", "" + demo))).isEqualTo(ok);
    assertThat(api.post("/push/push", message.copy().put("toUserId", demo))).isEqualTo(ok);
    assertThat(api.post("/push/push", message.copy().put("toUserId", "99999999")))
        .isEqualTo(failure("no such user"));
  }

  @Test
  void figuresAreAskedForByHttpAndAnsweredBySocket() {
    String token = login("test");
    join(token, 10);
    JsonObject room = authToken(token).put("roomId", 10);
    assertThat(api.post("/push/count", room)).isEqualTo(success("ok").put("data", ""));
    assertThat(api.post("/push/getRoomInfo", room)).isEqualTo(failure("rpc get room info fail!"));
    await(redisStores.presence().enter(node.nodeId() + "/0", 10, userId(token), "test"));
    assertThat(api.post("/push/getRoomInfo", room)).isEqualTo(success("ok").put("data", ""));
  }

  @Test
  void historyIsPagedNewestFirst() {
    String token = login("test");
    join(token, ROOM);
    await(
        database
            .messages()
            .append(LongStream.rangeClosed(1, 60).mapToObj(V1ApiTest::stored).toList()));
    JsonObject ask = authToken(token).put("roomId", ROOM);

    JsonObject newest = api.post("/push/history", ask).getJsonObject("data");
    assertThat(seqs(newest))
        .isEqualTo(LongStream.rangeClosed(11, 60).map(i -> 71 - i).boxed().toList());
    assertThat(newest.getBoolean("hasMore")).isTrue();
    assertThat(newest.getJsonArray("messages").getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("code", 0)
                .put("msg", "message 60 \"quoted\" ☺")
                .put("fromUserId", 3)
                .put("fromUserName", "someone")
                .put("toUserId", 0)
                .put("toUserName", "")
                .put("roomId", 7)
                .put("op", 3)
                .put("createTime", "2026-01-01 00:01:00")
                .put("seq", 60)
                .put("id", "9007199254740993060"));

    JsonObject last =
        api.post("/push/history", ask.put("before", 4).put("limit", 3)).getJsonObject("data");
    assertThat(seqs(last)).containsExactly(3L, 2L, 1L);
    assertThat(last.getBoolean("hasMore")).isFalse();
  }

  @Test
  void tooLongMessageIsRefusedByName() {
    String token = login("test");
    join(token, ROOM);
    JsonObject answer =
        api.post(
            "/push/pushRoom", authToken(token).put("msg", "x".repeat(40_000)).put("roomId", ROOM));
    assertThat(answer.getInteger("code")).isEqualTo(1);
    assertThat(answer.getString("message")).startsWith("the text is too long");
  }

  private static ChatMessage stored(long seq) {
    return ChatMessage.newBuilder()
        .setConversation(Conversations.ofRoom(ROOM))
        .setId(9_007_199_254_740_993_000L + seq)
        .setAcceptedAt(DAY_1 + seq * 1000)
        .setSenderId(3)
        .setSenderName("someone")
        .setText("message " + seq + " \"quoted\" ☺")
        .setSeq(seq)
        .build();
  }

  private static List<Long> seqs(JsonObject page) {
    return page.getJsonArray("messages").stream()
        .map(message -> ((JsonObject) message).getLong("seq"))
        .toList();
  }

  private static long heads(long room) {
    String conversation = Conversations.ofRoom(room);
    Map<String, Long> heads =
        await(redisStores.pushQueue(database.messages()).heads(List.of(conversation)));
    return heads.get(conversation);
  }

  /** What a socket's join frame does. */
  private static void join(String token, long room) {
    LogicClient logic = new LogicClient(api.vertx, Duration.ofSeconds(5), 10, "test.max-in-flight");
    await(logic.joinRoom(JoinRoom.newBuilder().setToken(token).setRoomId(room).build()));
  }

  private static String login(String name) {
    JsonObject answer = api.post("/user/login", credentials(name, "111111"));
    assertThat(answer.getString("message")).isEqualTo("login success");
    return answer.getString("data");
  }

  private static Integer userId(String token) {
    JsonObject answer = api.post("/user/checkAuth", authToken(token));
    return answer.getJsonObject("data").getInteger("userId");
  }

  private static JsonObject credentials(String name, String password) {
    return new JsonObject().put("userName", name).put("passWord", password);
  }

  private static JsonObject authToken(String token) {
    return new JsonObject().put("authToken", token);
  }

  private static JsonObject success(String message) {
    return new JsonObject().put("code", 0).put("message", message);
  }

  private static JsonObject failure(String message) {
    return new JsonObject().put("code", 1).put("message", message).putNull("data");
  }

  private static JsonObject sessionError() {
    return new JsonObject().put("code", 40000).put("message", "Session error").putNull("data");
  }
}
