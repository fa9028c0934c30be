package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;
import static chat.parley.stores.redis.Waiting.awaitError;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.proto.Identity;
import chat.parley.proto.SessionKind;
import chat.parley.stores.SessionStore;
import chat.parley.stores.SessionStore.Asker;
import chat.parley.stores.SessionStore.Change;
import chat.parley.stores.SessionStore.Opened;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RedisSessionStoreTest extends WithRedis {
  @Test
  void ofParallelV1LoginsExactlyOneSessionStays() {
    List<Future<Opened>> logins = new ArrayList<>();
    for (int link = 0; link < 4; link++) {
      SessionStore sessions = stores().sessions();
      for (int i = 0; i < 50; i++) {
        logins.add(sessions.open(3, "demo", SessionKind.SESSION_KIND_V1, 0));
      }
    }
    SessionStore sessions = stores().sessions();
    long alive =
        logins.stream().filter(l -> await(sessions.find(await(l).token())).isPresent()).count();
    assertThat(alive).isEqualTo(1);
  }

  @Test
  void aV1LoginNamesTheSessionThatItTookThePlaceOf() {
    SessionStore sessions = stores().sessions();
    Opened first = await(open(sessions));
    Opened second = await(open(sessions));
    assertThat(first.replaced()).isEmpty();
    assertThat(second.replaced()).contains(first.identity().getSessionId());
    await(sessions.end(second.token()));
    assertThat(await(open(sessions)).replaced()).as("the previous one had ended").isEmpty();
  }

  @Test
  void aTokenIsOpaqueAndOnlyItsHashIsKept() {
    RedisStores stores = stores();
    Opened opened = await(open(stores.sessions()));
    assertThat(opened.token()).hasSize(44).matches("[A-Za-z0-9_-]{43}=");
    assertThat(opened.toString()).doesNotContain(opened.token());
    assertThat(await(stores.link().call("KEYS", "*")).stream().map(Response::toString))
        .contains(Keys.session(opened.identity().getSessionId()))
        .noneMatch(key -> key.contains(opened.token()));
    assertThat(
            await(stores.link().call("PTTL", Keys.session(opened.identity().getSessionId())))
                .toLong())
        .isBetween(1L, 86_400_000L);
  }

  @Test
  void aJoinLastsAsLongAsTheSession() {
    SessionStore sessions = stores().sessions();
    Opened opened = await(open(sessions));
    assertThat(await(sessions.findInRoom(opened.token(), 7)).orElseThrow().joined()).isFalse();
    assertThat(await(sessions.admit(opened.token(), 7))).contains(opened.identity());
    assertThat(await(sessions.findInRoom(opened.token(), 7)).orElseThrow().joined()).isTrue();
    assertThat(await(sessions.end(opened.token()))).contains(opened.identity());
    assertThat(await(sessions.end(opened.token()))).isEmpty();
    assertThat(await(sessions.findInRoom(opened.token(), 7))).isEmpty();
    assertThat(await(sessions.admit(opened.token(), 7))).isEmpty();
  }

  private static Future<Optional<Identity>> leave(SessionStore sessions, String token, long room) {
    return sessions.leave(token, room, Asker.ANY).map(found -> found.map(Change::identity));
  }

  @Test
  void ofManyRoomsAllAreJoinedOrNone() {
    SessionStore sessions = stores().sessions();
    Opened opened = await(open(sessions));
    List<Long> rooms = LongStream.rangeClosed(1, 999).boxed().toList();
    assertThat(await(sessions.admit(opened.token(), rooms, Asker.ANY)))
        .contains(new Change(opened.identity(), false));
    assertThat(awaitError(sessions.admit(opened.token(), List.of(5L, 1_000L, 1_001L), Asker.ANY)))
        .hasMessage("a session may join at most 1000 rooms");
    assertThat(await(sessions.findInRoom(opened.token(), 1_000)).orElseThrow().joined()).isFalse();
    assertThat(await(sessions.admit(opened.token(), List.of(5L, 1_000L), Asker.ANY))).isPresent();
    assertThat(await(sessions.findInRoom(opened.token(), 1_000)).orElseThrow().joined()).isTrue();
  }

  @Test
  void aSessionJoinsABoundedNumberOfRooms() {
    SessionStore sessions = stores().sessions();
    Opened opened = await(open(sessions));
    List<Future<?>> joins = new ArrayList<>();
    for (int room = 1; room <= 1_000; room++) {
      joins.add(sessions.admit(opened.token(), room));
    }
    await(Future.all(joins));
    assertThat(awaitError(sessions.admit(opened.token(), 1_001)))
        .hasMessage("a session may join at most 1000 rooms")
        .extracting(error -> error.code())
        .isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(await(sessions.admit(opened.token(), 5))).isPresent();
  }

  @Test
  void whatElseASessionKnowsIsNoRoom() {
    SessionStore sessions = stores().sessions();
    Opened opened = await(sessions.open(3, "demo", SessionKind.SESSION_KIND_DEVICE, 8));
    await(sessions.connect(opened.token(), "", 0));
    List<Future<?>> joins = new ArrayList<>();
    for (int room = 1; room <= 1_000; room++) {
      joins.add(sessions.admit(opened.token(), room));
    }
    await(Future.all(joins));
    assertThat(awaitError(sessions.admit(opened.token(), 1_001)).code())
        .isEqualTo(ErrorCode.FORBIDDEN);
    await(leave(sessions, opened.token(), 5));
    assertThat(await(sessions.admit(opened.token(), 1_001))).contains(opened.identity());
  }

  @Test
  void aRoomIsLeftUntilItIsJoinedAgain() {
    SessionStore sessions = stores().sessions();
    Opened opened = await(open(sessions));
    await(sessions.admit(opened.token(), 7));
    await(sessions.admit(opened.token(), 8));
    assertThat(await(leave(sessions, opened.token(), 7))).contains(opened.identity());
    assertThat(await(leave(sessions, opened.token(), 7))).contains(opened.identity());
    assertThat(await(sessions.findInRoom(opened.token(), 7)).orElseThrow().joined()).isFalse();
    assertThat(await(sessions.findInRoom(opened.token(), 8)).orElseThrow().joined()).isTrue();
    await(sessions.admit(opened.token(), 7));
    assertThat(await(sessions.findInRoom(opened.token(), 7)).orElseThrow().joined()).isTrue();
    await(sessions.end(opened.token()));
    assertThat(await(leave(sessions, opened.token(), 7))).isEmpty();
  }

  @Test
  void noTokenAndAnUnknownTokenAreNobody() {
    SessionStore sessions = stores().sessions();
    assertThat(await(sessions.find(""))).isEmpty();
    assertThat(await(sessions.find("unknown"))).isEmpty();
    assertThat(await(sessions.find("x".repeat(1_000_000)))).isEmpty();
    for (String token : List.of("", "unknown", "x".repeat(1_000_000))) {
      assertThat(await(leave(sessions, token, 7))).isEmpty();
      assertThat(await(sessions.connect(token, "", 0))).isEmpty();
      assertThat(await(sessions.end(token))).isEmpty();
    }
    assertThat(await(stores().link().call("KEYS", "*session*")).size())
        .as("nobody was made by asking")
        .isZero();
  }

  private static Future<Opened> open(SessionStore sessions) {
    return sessions.open(3, "demo", SessionKind.SESSION_KIND_V1, 0);
  }
}
