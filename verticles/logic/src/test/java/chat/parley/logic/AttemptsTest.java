package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.Login;
import chat.parley.proto.Register;
import chat.parley.proto.SessionOpened;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nobody guesses passwords, takes all names, or keeps the others from logging in. */
class AttemptsTest extends LogicFixture {
  @Override
  void adjust(JsonObject settings) {
    settings.put(
        "limits",
        new JsonObject()
            .put("logins-per-address", "8/1h")
            .put("wrong-passwords-per-address", "5/1h")
            .put("wrong-passwords-per-address-and-account", "3/1h")
            .put("wrong-passwords-per-account", "6/1h")
            .put("registrations-per-address", "4/1h")
            .put("registrations-per-account", "3/1h")
            .put("messages-per-user", "none"));
  }

  @Test
  void ofManyGuessesAtOneMomentAFewAreMadeAndThenTheRightOneIsNotLookedAtEither() {
    registered("guessed");
    List<ChatError> answers =
        IntStream.range(0, 30)
            .mapToObj(i -> login("192.0.2.1", "guessed", "guess " + i))
            .toList()
            .stream()
            .map(LogicFixture::errorOf)
            .toList();
    assertThat(answers).filteredOn(e -> e.code() == ErrorCode.WRONG_CREDENTIALS).hasSize(3);
    assertThat(answers)
        .filteredOn(e -> e.code() != ErrorCode.WRONG_CREDENTIALS)
        .allSatisfy(
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED);
              assertThat(e).hasMessageContaining("too many wrong passwords");
              assertThat(e.retryAfterSeconds()).isPositive();
            });
    ChatError right = errorOf(login("192.0.2.1", "guessed", PASSWORD));
    assertThat(right.code()).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(await(login("192.0.2.2", "guessed", PASSWORD)).getToken())
        .as("its owner is somewhere else")
        .isNotEmpty();
  }

  @Test
  void guessesFromEverywhereCountForTheAccount() {
    registered("far-and-wide");
    for (int i = 0; i < 6; i++) {
      ChatError wrong = errorOf(login("198.51.100." + i, "far-and-wide", "guess"));
      assertThat(wrong.code()).isEqualTo(ErrorCode.WRONG_CREDENTIALS);
    }
    assertRefused(
        login("198.51.100.9", "far-and-wide", PASSWORD),
        ErrorCode.RATE_LIMITED,
        "too many wrong passwords for this name, please try again in ");
  }

  @Test
  void aNameThatDoesNotExistIsRefusedLikeOneThatDoes() {
    registered("exists");
    for (String name : List.of("exists", "does-not-exist")) {
      String address = "203.0.113." + name.length();
      IntStream.range(0, 3).forEach(i -> errorOf(login(address, name, "guess")));
      assertRefused(
          login(address, name, "guess"),
          ErrorCode.RATE_LIMITED,
          "too many wrong passwords for this name from this address");
    }
  }

  @Test
  void oneGuessForEachOfManyNamesIsGuessingToo() {
    for (int i = 0; i < 5; i++) {
      errorOf(login("192.0.2.50", "name-" + i, "123456"));
    }
    assertRefused(
        login("192.0.2.50", "name-6", "123456"),
        ErrorCode.RATE_LIMITED,
        "too many wrong passwords from this address");
  }

  @Test
  void rightPasswordsAreCountedForTheAddressAlone() {
    registered("busy");
    for (int i = 0; i < 8; i++) {
      await(login("192.0.2.60", "busy", PASSWORD));
    }
    assertRefused(
        login("192.0.2.60", "busy", PASSWORD),
        ErrorCode.RATE_LIMITED,
        "too many log-ins from this address");
    await(login("192.0.2.61", "busy", PASSWORD));
  }

  @Test
  void registrationsAreCountedByAddressAndByName() {
    for (int i = 0; i < 4; i++) {
      await(register("192.0.2.70", "settler-" + i));
    }
    assertRefused(
        register("192.0.2.70", "settler-5"),
        ErrorCode.RATE_LIMITED,
        "too many registrations from this address");
    for (int i = 0; i < 2; i++) {
      assertRefused(register("192.0.2.8" + i, "settler-0"), ErrorCode.NAME_TAKEN, "belongs");
    }
    assertRefused(
        register("192.0.2.90", "settler-0"),
        ErrorCode.RATE_LIMITED,
        "too many registrations of this name");
  }

  private Future<SessionOpened> login(String address, String name, String password) {
    Login login =
        Login.newBuilder()
            .setUserName(name)
            .setPassword(password)
            .setClientAddress(address)
            .build();
    return ask(logic -> logic.login(login));
  }

  private Future<SessionOpened> register(String address, String name) {
    Register register =
        Register.newBuilder()
            .setUserName(name)
            .setPassword(PASSWORD)
            .setClientAddress(address)
            .build();
    return ask(logic -> logic.register(register));
  }
}
