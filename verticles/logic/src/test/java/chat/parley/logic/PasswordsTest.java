package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.settings.SettingsReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void passwordMatchesItsHashAndNoOther() throws Exception {
    Passwords passwords = passwords(new JsonObject());
    String hash = result(passwords.hash("correct horse"));
    assertThat(hash).startsWith("$argon2id$");
    assertThat(result(passwords.matches("correct horse", hash))).isTrue();
    assertThat(result(passwords.matches("correct house", hash))).isFalse();
    assertThat(result(passwords.matchesNobody("correct horse"))).isFalse();
  }

  @Test
  void whoWouldBeServedAfterGivingUpIsRefusedInsteadOfHashed() throws Exception {
    Passwords passwords =
        passwords(new JsonObject().put("hashing-threads", 1).put("hashing-wait", "1ms"));
    List<Future<String>> hashes =
        IntStream.range(0, 20).mapToObj(i -> passwords.hash("one of many")).toList();
    ended(Future.join(hashes));
    assertThat(hashes)
        .filteredOn(Future::failed)
        .isNotEmpty()
        .allSatisfy(
            refused ->
                assertThat(ChatError.of(refused.cause()).code()).isEqualTo(ErrorCode.OVERLOADED));
  }

  /** Names cannot be told apart by the work that is done for them: both wait for the same place. */
  @Test
  void anUnknownNameTakesTheSamePlaceAsAKnownOne() throws Exception {
    Passwords passwords =
        passwords(new JsonObject().put("hashing-threads", 1).put("hashing-queue", 1));
    String hash = result(passwords.hash("somebody's"));
    result(passwords.matchesNobody("made first")); // Nobody's own hash is there from now on.
    CountDownLatch release = new CountDownLatch(1);
    vertx
        .createSharedWorkerExecutor("parley-passwords", 1)
        .executeBlocking(() -> release.await(20, TimeUnit.SECONDS));
    Future<Boolean> known = passwords.matches("wrong", hash);
    Future<Boolean> unknown = passwords.matchesNobody("wrong");
    // While the one thread is held, an end is a refusal; the one that took the place waits.
    Promise<Throwable> refused = Promise.promise();
    known.onFailure(refused::tryComplete);
    unknown.onFailure(refused::tryComplete);
    assertThat(ChatError.of(result(refused.future())).code()).isEqualTo(ErrorCode.OVERLOADED);
    release.countDown();
    ended(Future.join(known, unknown));
    assertThat(List.of(known, unknown)).filteredOn(Future::failed).hasSize(1);
  }

  private Passwords passwords(JsonObject logic) {
    logic.put("argon2-memory-kib", 4096);
    return new Passwords(
        vertx,
        SettingsReader.section(new JsonObject().put("logic", logic), "logic", LogicSettings.class));
  }

  private static <T> T result(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void ended(Future<?> future) throws Exception {
    result(future.otherwiseEmpty());
  }
}
