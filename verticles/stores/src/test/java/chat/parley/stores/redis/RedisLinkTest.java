package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;
import static chat.parley.stores.redis.Waiting.awaitError;
import static chat.parley.stores.redis.Waiting.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.settings.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisLinkTest extends WithRedis {
  private static final JsonObject IMPATIENT = new JsonObject().put("deadline", "300ms");

  @Test
  void oneBadReplyHurtsNoOtherCommandOfItsTurn() {
    RedisLink link = stores().link();
    Future<Response> before = link.call("SET", "k", "v");
    Future<Response> bad = link.call("LPUSH", "k", "x");
    Future<Response> after = link.call("GET", "k");
    assertThat(awaitError(bad).code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(await(before).toString()).isEqualTo("OK");
    assertThat(await(after).toString()).isEqualTo("v");
  }

  @Test
  void aFrozenRedisIsAnErrorInTimeAndServesInStepWhenItGoesOn() {
    RedisLink link = stores(IMPATIENT).link();
    signal("STOP");
    List<Future<Response>> stuck = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      stuck.add(link.call("INCR", "n"));
    }
    assertThat(stuck)
        .allSatisfy(
            call -> assertThat(awaitError(call).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    assertThat(awaitError(link.call("PING")).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    signal("CONT");
    awaitUntil(() -> await(link.call("PING").map(true).otherwise(false)));
    List<Future<Response>> echoes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      echoes.add(link.call("ECHO", i));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(await(echoes.get(i)).toInteger()).isEqualTo(i);
    }
  }

  @Test
  void aLinkComesBackByItselfAfterKillOfRedis() {
    RedisLink link = stores().link();
    await(link.call("SET", "k", "kept"));
    killAndAwaitRestart();
    awaitUntil(() -> await(link.call("GET", "k").map(true).otherwise(false)));
    assertThat(await(link.call("GET", "k")).toString()).isEqualTo("kept");
  }

  @Test
  void moreThanMayBeUnderWayIsRefused() {
    RedisLink link = stores(IMPATIENT.copy().put("max-in-flight", 5)).link();
    signal("STOP");
    for (int i = 0; i < 5; i++) {
      link.call("PING");
    }
    assertThat(awaitError(link.call("PING")).code()).isEqualTo(ErrorCode.OVERLOADED);
  }

  @Test
  void flushedScriptsAreLoadedAgain() {
    RedisStores stores = stores();
    await(stores.link().call("SCRIPT", "FLUSH"));
    assertThat(await(stores.partitions().announce("w/0"))).containsExactly("w/0");
  }

  @Test
  void aRedisWithoutMemoryIsAnOverload() {
    RedisStores stores = stores();
    await(stores.link().call("CONFIG", "SET", "maxmemory", "1"));
    ChatError error = awaitError(stores.topics().subscribe("n/0", "room:1"));
    assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED);
  }

  @Test
  void aRedisSetToLoseMessagesIsRefusedByName() {
    await(stores().link().call("CONFIG", "SET", "appendfsync", "everysec"));
    assertThatThrownBy(() -> await(RedisStores.check(vertx, config(new JsonObject()))))
        .isInstanceOf(SettingsException.class)
        .hasMessage("Redis is set to lose messages: its appendfsync must be always, not everysec");
  }

  @Test
  void aWrongPasswordIsAnErrorThatDoesNotTellIt() {
    JsonObject wrong =
        new JsonObject()
            .put("address", "redis://127.0.0.1:" + redis.port())
            .put("password", "secret-guess");
    ChatError error = awaitError(RedisStores.open(vertx, config(wrong)));
    assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(error.getMessage()).doesNotContain("secret-guess");
  }
}
