package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;
import static chat.parley.stores.redis.Waiting.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.proto.Connection;
import chat.parley.proto.EndedConnection;
import chat.parley.proto.SessionKind;
import chat.parley.stores.SessionStore;
import chat.parley.stores.SessionStore.Asker;
import chat.parley.stores.SessionStore.Change;
import chat.parley.stores.SessionStore.Connected;
import chat.parley.stores.SessionStore.Opened;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Sessions of devices, and their connections. */
class RedisDeviceSessionTest extends WithRedis {
  private static final long USER = 3;
  private static final long PHONE = 11;
  private static final long LAPTOP = 12;

  @Test
  void aDevicesLoginEndsThatDevicesSessionAndNoOther() {
    SessionStore sessions = stores().sessions();
    Opened v1 = await(sessions.open(USER, "demo", SessionKind.SESSION_KIND_V1, 0));
    Opened phone = open(sessions, PHONE);
    Opened laptop = open(sessions, LAPTOP);
    assertThat(laptop.replaced()).isEmpty();

    Opened phoneAgain = open(sessions, PHONE);

    assertThat(phoneAgain.replaced()).contains(phone.identity().getSessionId());
    assertThat(await(sessions.find(phone.token()))).isEmpty();
    assertThat(await(sessions.find(phoneAgain.token()))).contains(phoneAgain.identity());
    assertThat(await(sessions.find(laptop.token()))).contains(laptop.identity());
    assertThat(await(sessions.find(v1.token()))).contains(v1.identity());
    await(sessions.open(USER, "demo", SessionKind.SESSION_KIND_V1, 0));
    assertThat(await(sessions.find(v1.token()))).isEmpty();
    assertThat(await(sessions.find(laptop.token()))).isPresent();
  }

  @Test
  void ofParallelLoginsOfADeviceExactlyOneSessionStaysAndEachOtherWasReplacedOnce() {
    List<Future<Opened>> logins = new ArrayList<>();
    for (int link = 0; link < 4; link++) {
      SessionStore sessions = stores().sessions();
      for (int i = 0; i < 50; i++) {
        logins.add(sessions.open(USER, "demo", SessionKind.SESSION_KIND_DEVICE, PHONE));
      }
    }
    SessionStore sessions = stores().sessions();
    List<String> ended =
        logins.stream()
            .map(Waiting::await)
            .filter(login -> await(sessions.find(login.token())).isEmpty())
            .map(login -> login.identity().getSessionId())
            .toList();
    assertThat(ended).hasSize(199);
    assertThat(logins.stream().flatMap(login -> login.result().replaced().stream()))
        .containsExactlyInAnyOrderElementsOf(ended);
  }

  @Test
  void everyAnswerNamesTheDevice() {
    SessionStore sessions = stores().sessions();
    Opened phone = open(sessions, PHONE);
    String token = phone.token();
    assertThat(phone.identity().getDeviceId()).isEqualTo(PHONE);
    assertThat(await(sessions.find(token))).contains(phone.identity());
    assertThat(await(sessions.admit(token, 7))).contains(phone.identity());
    assertThat(await(sessions.findInRoom(token, 7)).orElseThrow())
        .isEqualTo(new SessionStore.Admission(phone.identity(), true));
    assertThat(await(sessions.leave(token, 7, Asker.ANY)))
        .contains(new Change(phone.identity(), false));
    assertThat(await(sessions.connect(token, "", 0)).orElseThrow().identity())
        .isEqualTo(phone.identity());
    assertThat(await(sessions.end(token))).contains(phone.identity());
  }

  @Test
  void aDeviceSessionIsOfADevice() {
    SessionStore sessions = stores().sessions();
    assertThatThrownBy(() -> await(sessions.open(USER, "demo", SessionKind.SESSION_KIND_DEVICE, 0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> await(sessions.open(USER, "demo", SessionKind.SESSION_KIND_V1, PHONE)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void attemptThatALaterOneOfTheSameInstanceOvertookIsNoConnection() {
    SessionStore sessions = stores().sessions();
    String token = open(sessions, PHONE).token();
    assertThat(number(sessions, token, "a:1", 7)).isEqualTo(1);
    assertThat(number(sessions, token, "a:1", 9)).isEqualTo(2);
    assertThat(number(sessions, token, "a:1", 8)).isZero();
    assertThat(number(sessions, token, "b", 1)).isEqualTo(3);
    assertThat(number(sessions, token, "", 0)).isEqualTo(4);
    assertThat(await(sessions.ended(List.of(connection(sessions, token, 4))))).isEmpty();
  }

  @Test
  void whatAnOvertakenAttemptOrAReplacedConnectionSaysOfRoomsChangesNothing() {
    SessionStore sessions = stores().sessions();
    Opened phone = open(sessions, PHONE);
    String token = phone.token();
    number(sessions, token, "a", 8);
    Asker newest = Asker.connection(number(sessions, token, "a", 9));
    await(sessions.admit(token, 7));
    List<Long> rooms = List.of(7L, 8L);
    Change refused = new Change(phone.identity(), true);

    assertThat(await(sessions.admit(token, rooms, Asker.attempt("a", 8)))).contains(refused);
    assertThat(await(sessions.admit(token, rooms, Asker.connection(1)))).contains(refused);
    assertThat(await(sessions.leave(token, 7, Asker.connection(1)))).contains(refused);
    assertThat(await(sessions.findInRoom(token, 7)).orElseThrow().joined()).isTrue();
    assertThat(await(sessions.findInRoom(token, 8)).orElseThrow().joined()).isFalse();

    assertThat(await(sessions.admit(token, rooms, Asker.attempt("a", 9))).orElseThrow().replaced())
        .isFalse();
    assertThat(await(sessions.admit(token, rooms, Asker.attempt("b", 1))).orElseThrow().replaced())
        .isFalse();
    assertThat(await(sessions.leave(token, 7, newest)).orElseThrow().replaced()).isFalse();
    assertThat(await(sessions.findInRoom(token, 7)).orElseThrow().joined()).isFalse();
    assertThat(await(sessions.admit(token, rooms, newest)).orElseThrow().replaced()).isFalse();
    assertThat(await(sessions.findInRoom(token, 7)).orElseThrow().joined()).isTrue();
  }

  private static long number(SessionStore sessions, String token, String instance, long attempt) {
    return await(sessions.connect(token, instance, attempt)).orElseThrow().number();
  }

  private static Connection connection(SessionStore sessions, String token, long number) {
    return Connection.newBuilder()
        .setSessionId(await(sessions.find(token)).orElseThrow().getSessionId())
        .setNumber(number)
        .build();
  }

  @Test
  void connectionNumbersAscendWhicheverNodeAsks() {
    Opened phone = open(stores().sessions(), PHONE);
    List<Future<Long>> numbers = new ArrayList<>();
    for (int link = 0; link < 4; link++) {
      SessionStore sessions = stores().sessions();
      Future<Long> previous = Future.succeededFuture(0L);
      for (int i = 0; i < 25; i++) {
        Future<Long> before = previous;
        previous =
            sessions
                .connect(phone.token(), "", 0)
                .map(found -> found.map(Connected::number).orElse(-1L));
        numbers.add(previous.compose(now -> before.map(earlier -> ascending(earlier, now))));
      }
    }
    assertThat(numbers.stream().map(Waiting::await))
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
  }

  @Test
  void theFirstConnectionOfTheNextSessionIsNotTheOldOnes() {
    SessionStore sessions = stores().sessions();
    Opened first = open(sessions, PHONE);
    await(sessions.connect(first.token(), "", 0));
    Opened second = open(sessions, PHONE);
    assertThat(await(sessions.connect(first.token(), "", 0))).isEmpty();
    assertThat(await(sessions.connect(second.token(), "", 0)).orElseThrow().number()).isEqualTo(1);
  }

  @Test
  void aConnectionBeginsTheSessionsLifeAgain() {
    RedisStores stores =
        stores(new JsonObject().put("session-ttl", "1h").put("device-session-ttl", "10h"));
    SessionStore sessions = stores.sessions();
    Opened phone = open(sessions, PHONE);
    Opened v1 = await(sessions.open(USER, "demo", SessionKind.SESSION_KIND_V1, 0));
    String phoneKey = Keys.session(phone.identity().getSessionId());
    String v1Key = Keys.session(v1.identity().getSessionId());
    for (String key :
        List.of(phoneKey, Keys.sessionOfDevice(PHONE), v1Key, Keys.v1SessionOf(USER))) {
      assertThat(await(stores.link().call("PEXPIRE", key, 60_000)).toInteger()).isEqualTo(1);
    }

    await(sessions.connect(phone.token(), "", 0));
    await(sessions.connect(v1.token(), "", 0));

    assertLives(stores, Duration.ofHours(10), phoneKey, Keys.sessionOfDevice(PHONE));
    assertLives(stores, Duration.ofHours(1), v1Key, Keys.v1SessionOf(USER));
  }

  @Test
  void aDevicesSessionLivesForThirtyDaysUnlessToldOtherwise() {
    RedisStores stores = stores();
    Opened phone = open(stores.sessions(), PHONE);
    assertLives(
        stores,
        Duration.ofDays(30),
        Keys.session(phone.identity().getSessionId()),
        Keys.sessionOfDevice(PHONE));
  }

  @Test
  void nothingOfASessionIsLeftWhenItsTimeIsOver() {
    RedisStores stores = stores(new JsonObject().put("device-session-ttl", "50ms"));
    Opened phone = open(stores.sessions(), PHONE);
    awaitUntil(() -> await(stores.sessions().find(phone.token())).isEmpty());
    assertThat(sessionKeys(stores)).isEmpty();
    assertThat(open(stores.sessions(), PHONE).replaced()).isEmpty();
  }

  @Test
  void endedSessionTakesItsPointerWithItButNotItsSuccessors() {
    RedisStores stores = stores();
    SessionStore sessions = stores.sessions();
    Opened old = open(sessions, PHONE);
    Opened phone = open(sessions, PHONE);
    assertThat(await(sessions.end(old.token()))).isEmpty();
    assertThat(await(sessions.find(phone.token()))).isPresent();
    Opened v1 = await(sessions.open(USER, "demo", SessionKind.SESSION_KIND_V1, 0));

    await(sessions.end(phone.token()));
    assertThat(sessionKeys(stores))
        .containsExactlyInAnyOrder(
            Keys.session(v1.identity().getSessionId()), Keys.v1SessionOf(USER));
    await(sessions.end(v1.token()));
    assertThat(sessionKeys(stores)).isEmpty();
  }

  @Test
  void sessionOfADeviceEndsByTheDevice() {
    RedisStores stores = stores();
    SessionStore sessions = stores.sessions();
    Opened phone = open(sessions, PHONE);
    Opened laptop = open(sessions, LAPTOP);
    await(sessions.admit(phone.token(), 7));

    assertThat(await(sessions.endOfDevice(PHONE))).contains(phone.identity());
    assertThat(await(sessions.endOfDevice(PHONE))).isEmpty();

    assertThat(await(sessions.find(phone.token()))).isEmpty();
    assertThat(await(sessions.find(laptop.token()))).contains(laptop.identity());
    assertThat(sessionKeys(stores))
        .containsExactlyInAnyOrder(
            Keys.session(laptop.identity().getSessionId()), Keys.sessionOfDevice(LAPTOP));
  }

  @Test
  void currentReplacedAndGoneConnectionsAreToldApart() {
    SessionStore sessions = stores().sessions();
    Opened phone = open(sessions, PHONE);
    Opened laptop = open(sessions, LAPTOP);
    await(sessions.connect(phone.token(), "", 0));
    await(sessions.connect(phone.token(), "", 0));
    await(sessions.connect(laptop.token(), "", 0));
    await(sessions.end(laptop.token()));
    Connection older = connection(phone, 1);
    Connection current = connection(phone, 2);
    Connection gone = connection(laptop, 1);

    assertThat(await(sessions.ended(List.of(gone, current, older))))
        .containsExactly(ended(gone, false), ended(older, true));
    assertThat(await(sessions.ended(List.of()))).isEmpty();
  }

  @Test
  void thousandsOfConnectionsAreCheckedInTheOrderAsked() {
    SessionStore sessions = stores(new JsonObject().put("max-in-flight", 8)).sessions();
    Opened phone = open(sessions, PHONE);
    await(sessions.connect(phone.token(), "", 0));
    List<Connection> asked = new ArrayList<>();
    List<EndedConnection> wanted = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      Connection gone = Connection.newBuilder().setSessionId("gone" + i).setNumber(i).build();
      asked.add(gone);
      asked.add(connection(phone, 1));
      wanted.add(ended(gone, false));
    }

    assertThat(await(sessions.ended(asked))).isEqualTo(wanted);
  }

  private static Opened open(SessionStore sessions, long deviceId) {
    return await(sessions.open(USER, "demo", SessionKind.SESSION_KIND_DEVICE, deviceId));
  }

  private static long ascending(long earlier, long now) {
    assertThat(now).isGreaterThan(earlier);
    return now;
  }

  private static Connection connection(Opened session, long number) {
    return Connection.newBuilder()
        .setSessionId(session.identity().getSessionId())
        .setNumber(number)
        .build();
  }

  private static EndedConnection ended(Connection asked, boolean replaced) {
    return EndedConnection.newBuilder()
        .setSessionId(asked.getSessionId())
        .setNumber(asked.getNumber())
        .setReplaced(replaced)
        .build();
  }

  private static void assertLives(RedisStores stores, Duration life, String... keys) {
    for (String key : keys) {
      assertThat(await(stores.link().call("PTTL", key)).toLong())
          .as(key)
          .isBetween(life.minusMinutes(1).toMillis(), life.toMillis());
    }
  }

  private static List<String> sessionKeys(RedisStores stores) {
    return await(stores.link().call("KEYS", Keys.SESSION_PREFIX + "*")).stream()
        .map(Response::toString)
        .toList();
  }
}
