package chat.parley.api;

import static chat.parley.api.ApiUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import chat.parley.logic.LogicVerticle;
import chat.parley.stores.PushQueue;
import chat.parley.stores.jdbc.JdbcStores;
import chat.parley.stores.redis.RedisStores;
import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The paths of v2 with the real logic, a real Redis and a real database behind them. */
class V2ApiTest {
  private static EmbeddedRedis redis;
  private static ApiUnderTest api;
  private static JdbcStores database;
  private static RedisStores redisStores;

  @BeforeAll
  static void start(@TempDir Path folder) {
    redis = EmbeddedRedis.start(folder);
    JsonObject config =
        new JsonObject()
            .put("data", folder.toString())
            // As if the minutes in which Redis knows an id were over.
            .put("redis", new JsonObject().put("remember-ids", "1ms"))
            .put(
                "logic",
                new JsonObject()
                    .put("argon2-memory-kib", 64)
                    .put("argon2-iterations", 1)
                    .put("join-grace", "50ms"));
    api = new ApiUnderTest(config);
    redisStores = await(RedisStores.open(api.vertx, config));
    database = await(JdbcStores.open(api.vertx, config));
    await(
        api.vertx.deployVerticle(
            LogicVerticle.class.getName(), new DeploymentOptions().setConfig(config)));
  }

  @AfterAll
  static void stop() {
    await(redisStores.close());
    await(database.close());
    api.close();
    redis.close();
  }

  @Test
  void sameKeyIsTheSameMessageThoughNobodyMarkedTheRepetition() {
    String token = registered("retry").getString("token");
    HttpResponse<String> joined = api.v2("PUT", "/api/v2/rooms/7/membership", token, null);
    assertThat(new JsonObject(joined.body()))
        .isEqualTo(json("{'roomId':'7','conversation':'room:7','head':'0','after':'0'}"));

    JsonObject first = send(token, "order-1", json("{'roomId':'7'}"));
    assertThat(first.getBoolean("repeated")).isFalse();
    assertThat(first.getString("conversation")).isEqualTo("room:7");
    store("room:7");
    assertThat(send(token, "order-1", json("{'conversation':'room:7'}")))
        .isEqualTo(first.copy().put("repeated", true));

    JsonObject second = send(token, "order-2", json("{'roomId':7}"));
    assertThat(second.getBoolean("repeated")).isFalse();
    assertThat(second.getString("seq")).isEqualTo("2");
    store("room:7");
  }

  @Test
  void directMessageIsFoundInTheConversationOfBoth() {
    JsonObject ann = registered("ann");
    JsonObject bob = registered("bob & co");
    JsonObject found = get(ann, "/api/v2/users?name=bob%20%26%20co");
    assertThat(found.getString("userId")).isEqualTo(bob.getString("userId"));
    String conversation = found.getString("conversation");

    JsonObject ack =
        send(ann.getString("token"), "hello-1", new JsonObject().put("conversation", conversation));
    assertThat(ack.getString("conversation")).isEqualTo(conversation);
    store(conversation);
    JsonObject page = get(bob, "/api/v2/conversations/" + conversation + "/messages?after=0");
    assertThat(page.getJsonArray("messages").getJsonObject(0).getString("text")).isEqualTo("hello");
    assertThat(page.getBoolean("hasMore")).isFalse();
    JsonObject listed =
        get(bob, "/api/v2/conversations").getJsonArray("conversations").getJsonObject(0);
    assertThat(listed.getString("conversation")).isEqualTo(conversation);
    assertThat(listed.getString("head")).isEqualTo("1");

    String path = "/api/v2/conversations/" + conversation + "/messages";
    assertRefused("GET", path, registered("eve").getString("token"), 403, "FORBIDDEN");
  }

  @Test
  void deviceLogsInAgainIsRenamedAndRevoked() {
    JsonObject first = registered("owner");
    String id = first.getString("deviceId");
    JsonObject again = login("owner", new JsonObject().put("id", id));
    assertThat(again.getString("deviceId")).isEqualTo(id);
    assertRefused("GET", "/api/v2/devices", first.getString("token"), 401, "UNAUTHENTICATED");

    JsonObject other = login("owner", new JsonObject().put("name", "phone"));
    HttpResponse<String> renamed =
        api.v2(
            "PATCH",
            "/api/v2/devices/" + id,
            other.getString("token"),
            new JsonObject().put("name", "desk"));
    assertThat(new JsonObject(renamed.body()).getString("name")).isEqualTo("desk");
    assertThat(
            get(other, "/api/v2/devices").getJsonArray("devices").stream()
                .map(JsonObject.class::cast)
                .map(device -> device.getString("name") + " " + device.getBoolean("current")))
        .containsExactly("desk false", "phone true");

    HttpResponse<String> revoked =
        api.v2("DELETE", "/api/v2/devices/" + id, other.getString("token"), null);
    assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(204);
    assertRefused("GET", "/api/v2/devices", again.getString("token"), 401, "UNAUTHENTICATED");
    assertRefused("DELETE", "/api/v2/devices/" + id, other.getString("token"), 404, "NOT_FOUND");
  }

  @Test
  void roomIsForThoseInIt() {
    String token = registered("guest").getString("token");
    assertRefused("GET", "/api/v2/rooms/8/members", token, 403, "FORBIDDEN");
    api.v2("PUT", "/api/v2/rooms/8/membership", token, null);
    HttpResponse<String> members = api.v2("GET", "/api/v2/rooms/8/members", token, null);
    // In the room, and without a socket that could be present.
    assertThat(new JsonObject(members.body())).isEqualTo(json("{'count':0,'members':[]}"));
    assertThat(api.v2("DELETE", "/api/v2/rooms/8/membership", token, null).statusCode())
        .isEqualTo(204);
    assertRefused("GET", "/api/v2/rooms/8/members", token, 403, "FORBIDDEN");
  }

  @Test
  void logoutEndsTheSessionAndANameIsTakenOnce() {
    String token = registered("leaver").getString("token");
    assertThat(api.v2("POST", "/api/v2/logout", token, null).statusCode()).isEqualTo(204);
    assertRefused("POST", "/api/v2/logout", token, 401, "UNAUTHENTICATED");
    HttpResponse<String> taken = api.v2("POST", "/api/v2/register", null, account("leaver", "x"));
    assertThat(taken.statusCode()).isEqualTo(409);
    JsonObject wrong = account("leaver", "x").put("password", "wrong");
    HttpResponse<String> refused = api.v2("POST", "/api/v2/login", null, wrong);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("WRONG_CREDENTIALS");
  }

  private static JsonObject registered(String name) {
    HttpResponse<String> answer = api.v2("POST", "/api/v2/register", null, account(name, "first"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new JsonObject(answer.body());
  }

  private static JsonObject login(String name, JsonObject device) {
    JsonObject body = account(name, "").put("device", device);
    HttpResponse<String> answer = api.v2("POST", "/api/v2/login", null, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private static JsonObject account(String name, String device) {
    return new JsonObject()
        .put("userName", name)
        .put("password", "correct horse")
        .put("device", new JsonObject().put("name", device));
  }

  private static JsonObject get(JsonObject session, String path) {
    HttpResponse<String> answer = api.v2("GET", path, session.getString("token"), null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private static void assertRefused(
      String method, String path, String token, int status, String code) {
    HttpResponse<String> answer = api.v2(method, path, token, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo(code);
  }

  /** What task does with accepted messages. */
  private static void store(String conversation) {
    PushQueue queue = redisStores.pushQueue(database.messages());
    int partition = Conversations.partitionOf(conversation, queue.partitions());
    PushQueue.Lease lease =
        await(redisStores.partitions().acquire(partition, "worker")).orElseThrow();
    PushQueue.Slice slice = await(queue.read(partition, 0, 100));
    await(database.messages().append(slice.messages()));
    assertThat(await(queue.trim(lease, slice.next()))).isTrue();
    await(redisStores.partitions().release(lease));
  }

  private static JsonObject send(String token, String key, JsonObject target) {
    HttpResponse<String> answer =
        api.send(
            api.request("/api/v2/messages")
                .header("Authorization", "Bearer " + token)
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(target.put("text", "hello").encode())));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private static JsonObject json(String singleQuoted) {
    return new JsonObject(singleQuoted.replace('\'', '"'));
  }
}
