package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.Identity;
import chat.parley.proto.Logout;
import chat.parley.proto.Register;
import chat.parley.proto.SessionEnded;
import chat.parley.proto.SessionOpened;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccountsTest extends LogicFixture {
  @Test
  void ofParallelRegistrationsOfOneNameExactlyOneGetsIt() {
    List<Future<SessionOpened>> attempts =
        IntStream.range(0, 60).mapToObj(i -> register("one-name", "password " + i)).toList();
    await(Future.join(attempts).transform(all -> Future.succeededFuture()));

    assertThat(attempts).filteredOn(Future::succeeded).hasSize(1);
    assertThat(attempts)
        .filteredOn(Future::failed)
        .allSatisfy(
            refused -> {
              ChatError error = ChatError.of(refused.cause());
              assertThat(error.code()).isEqualTo(ErrorCode.NAME_TAKEN);
              assertThat(error).hasMessage("the name belongs to somebody");
            });
  }

  @Test
  void parallelLoginsAllSucceedAndOneTokenOfEachUserStays() {
    List<String> names = IntStream.range(0, 4).mapToObj(i -> "crowd" + i).toList();
    names.forEach(this::registered);
    List<Future<SessionOpened>> logins =
        IntStream.range(0, 400).mapToObj(i -> login(names.get(i % 4), PASSWORD)).toList();
    await(Future.all(logins));

    for (String name : names) {
      List<Future<Identity>> checks =
          logins.stream()
              .map(Future::result)
              .filter(opened -> opened.getIdentity().getUserName().equals(name))
              .map(opened -> check(opened.getToken()))
              .toList();
      await(Future.join(checks).transform(all -> Future.succeededFuture()));
      assertThat(checks).hasSize(100).filteredOn(Future::succeeded).hasSize(1);
    }
  }

  @Test
  void wrongPasswordAndUnknownNameAreOneAnswer() {
    registered("somebody");
    ChatError wrong = errorOf(login("somebody", "not it"));
    ChatError unknown = errorOf(login("nobody-has-this", "not it"));

    assertThat(wrong.code()).isEqualTo(ErrorCode.WRONG_CREDENTIALS).isEqualTo(unknown.code());
    assertThat(wrong).hasMessage("name and password do not belong together");
    assertThat(unknown).hasMessage(wrong.getMessage());
  }

  @Test
  void loginRevokesTheFormerTokenOfV1() {
    String first = registered("again").getToken();
    String second = await(login("again", PASSWORD)).getToken();

    assertRefused(check(first), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
    assertThat(await(check(second)).getUserName()).isEqualTo("again");
  }

  @Test
  void logoutEndsTheSessionAndTellsTheNodesOfTheUser() {
    SessionOpened session = registered("leaver");
    Promise<SessionEnded> told = Promise.promise();
    String topic = Conversations.topicOfUser(session.getIdentity().getUserId());
    await(
        vertx
            .eventBus()
            .<SessionEnded>consumer(
                Addresses.eventsOf(node.nodeId()), event -> told.tryComplete(event.body()))
            .completion());
    await(redisStores.topics().subscribe(node.nodeId() + "/0", topic));

    await(logout(session.getToken()));

    assertThat(await(told.future()).getSessionId()).isEqualTo(session.getIdentity().getSessionId());
    assertRefused(
        check(session.getToken()),
        ErrorCode.UNAUTHENTICATED,
        "the token is unknown or has expired");
    assertRefused(
        logout(session.getToken()),
        ErrorCode.UNAUTHENTICATED,
        "the token is unknown or has expired");
  }

  @Test
  void whatIsMissingOrTooLargeIsNamed() {
    assertRefused(register("", PASSWORD), ErrorCode.BAD_REQUEST, "userName");
    assertRefused(register("x", ""), ErrorCode.BAD_REQUEST, "password");
    assertRefused(register("\u0000", PASSWORD), ErrorCode.BAD_REQUEST, "userName");
    assertRefused(register("x".repeat(65), PASSWORD), ErrorCode.TOO_LARGE, "64");
    assertRefused(register("x", "p".repeat(1025)), ErrorCode.TOO_LARGE, "1024");
    assertRefused(check(""), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
  }

  @Test
  void developmentAccountsAreThereAndTheirNamesTaken() {
    assertThat(await(login("demo", "111111")).getIdentity().getUserName()).isEqualTo("demo");
    assertRefused(register("demo", PASSWORD), ErrorCode.NAME_TAKEN, "belongs to somebody");
  }

  @Test
  void passwordsAreKeptAsArgon2idWithASaltOfTheirOwn() {
    registered("salted-a");
    registered("salted-b");
    String a = await(database.accounts().byName("salted-a")).orElseThrow().passwordHash();
    String b = await(database.accounts().byName("salted-b")).orElseThrow().passwordHash();

    assertThat(a).startsWith("$argon2id$v=19$m=64,t=1,p=1$").isNotEqualTo(b);
  }

  @Test
  void noSecretIsEverLogged() {
    Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Level level = root.getLevel();
    log.start();
    root.addAppender(log);
    root.setLevel(Level.DEBUG);
    SessionOpened session;
    try {
      session = registered("silent");
      await(join(session.getToken(), 5));
      await(ask(logic -> logic.send(toRoom(session.getToken(), 5, "private words").build())));
      errorOf(login("silent", "a wrong secret"));
      await(logout(session.getToken()));
      errorOf(check(session.getToken()));
    } finally {
      root.setLevel(level);
      root.detachAppender(log);
    }

    assertThat(List.copyOf(log.list))
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> line.contains(session.getToken()))
        .noneMatch(line -> line.contains(PASSWORD) || line.contains("a wrong secret"))
        .noneMatch(line -> line.contains("private words"));
  }

  private Future<SessionOpened> register(String name, String password) {
    Register request = Register.newBuilder().setUserName(name).setPassword(password).build();
    return ask(logic -> logic.register(request));
  }

  private Future<Identity> check(String token) {
    return ask(logic -> logic.checkAuth(CheckAuth.newBuilder().setToken(token).build()));
  }

  private Future<?> logout(String token) {
    return ask(logic -> logic.logout(Logout.newBuilder().setToken(token).build()));
  }
}
