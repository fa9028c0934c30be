package chat.parley.api;

import static chat.parley.api.ApiUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import chat.parley.logic.LogicVerticle;
import chat.parley.proto.ChatMessage;
import chat.parley.stores.jdbc.JdbcStores;
import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sending twice, with the real logic, a real Redis and a real database behind it. */
class V2RetryTest {
  private static final long ROOM = 7;

  private static EmbeddedRedis redis;
  private static ApiUnderTest api;
  private static JdbcStores database;

  @BeforeAll
  static void start(@TempDir Path folder) {
    redis = EmbeddedRedis.start(folder);
    JsonObject config =
        new JsonObject()
            .put("data", folder.toString())
            // As if the minutes in which Redis knows an id were over.
            .put("redis", new JsonObject().put("remember-ids", "1ms"))
            .put(
                "development-accounts",
                new JsonObject()
                    .put("names", new JsonArray().add("demo"))
                    .put("password", "111111"))
            .put(
                "logic", new JsonObject().put("argon2-memory-kib", 64).put("argon2-iterations", 1));
    api = new ApiUnderTest(config);
    database = await(JdbcStores.open(api.vertx, config));
    await(
        api.vertx.deployVerticle(
            LogicVerticle.class.getName(), new DeploymentOptions().setConfig(config)));
  }

  @AfterAll
  static void stop() {
    await(database.close());
    api.close();
    redis.close();
  }

  @Test
  void sameKeyIsTheSameMessageThoughNobodyMarkedTheRepetition() {
    String token =
        api.post("/user/login", new JsonObject().put("userName", "demo").put("passWord", "111111"))
            .getString("data");
    HttpResponse<String> joined =
        api.v2("PUT", "/api/v2/rooms/" + ROOM + "/membership", token, null);
    assertThat(joined.statusCode()).as(joined.body()).isEqualTo(200);

    JsonObject first = send(token, "order-1");
    assertThat(first.getBoolean("repeated")).isFalse();
    assertThat(first.getString("conversation")).isEqualTo("room:" + ROOM);
    store(first, "order-1");
    assertThat(send(token, "order-1")).isEqualTo(first.copy().put("repeated", true));

    JsonObject second = send(token, "order-2");
    assertThat(second.getBoolean("repeated")).isFalse();
    assertThat(second.getString("seq")).isEqualTo("2");
  }

  /** What task does with an accepted message. */
  private static void store(JsonObject ack, String key) {
    ChatMessage message =
        ChatMessage.newBuilder()
            .setConversation(Conversations.ofRoom(ROOM))
            .setSeq(Long.parseLong(ack.getString("seq")))
            .setId(Long.parseLong(ack.getString("id")))
            .setAcceptedAt(Long.parseLong(ack.getString("acceptedAt")))
            .setSenderId(await(database.accounts().byName("demo")).orElseThrow().userId())
            .setSenderName("demo")
            .setText("hello")
            .setClientMessageId(key)
            .build();
    await(database.messages().append(List.of(message)));
  }

  private static JsonObject send(String token, String key) {
    HttpResponse<String> answer =
        api.send(
            api.request("/api/v2/messages")
                .header("Authorization", "Bearer " + token)
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString("{\"roomId\":\"7\",\"text\":\"hello\"}")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }
}
