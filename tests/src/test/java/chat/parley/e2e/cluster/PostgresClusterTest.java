package chat.parley.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Load;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.PostgresServer;
import chat.parley.e2e.support.RedisServer;
import chat.parley.e2e.support.V1Client;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same on a PostgreSQL and a Redis of their own, as in production. */
class PostgresClusterTest {
  private static EmbeddedPostgres postgres;
  private static RedisServer redis;
  private static Cluster cluster;

  @BeforeAll
  static void start() throws IOException {
    postgres = PostgresServer.start();
    redis = new RedisServer(DataFolder.create());
    Map<String, String> settings = new HashMap<>(redis.asSettings());
    settings.put(
        "PARLEY_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres");
    settings.put("PARLEY_DATABASE_USER", "postgres");
    cluster = Cluster.on(settings);
  }

  @AfterAll
  static void stop() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
    redis.close();
    postgres.close();
  }

  @BeforeEach
  void restore() {
    cluster.restore();
  }

  @Test
  void acknowledgedMessagesSurviveTheKillOfATaskProcess() {
    try (Talk talk = new Talk(cluster, 0)) {
      talk.load().awaitMore(200);
      cluster.member("task", 0).kill9();
      talk.load().awaitMore(200);
      talk.assertKeptAndHeardByAll();
    }
  }

  /**
   * A worker that was only away must not do the work of its successor once more. Not on an H2 file:
   * the process that opened it first serves it to the others, and may be the frozen one.
   */
  @Test
  void frozenTaskProcessIsReplacedAndComesBackHarmless() {
    ParleyProcess frozen = cluster.member("task", 0);
    try (Talk talk = new Talk(cluster, 0)) {
      talk.load().awaitMore(100);
      frozen.freeze();
      try {
        talk.listenersAt(1)
            .forEach(listener -> awaitHeard(listener, listener.texts().size() + 100));
        talk.load().awaitMore(100);
      } finally {
        frozen.thaw();
      }
      talk.load().awaitMore(100);
      talk.assertKeptAndHeardByAll();
    }
    Eventually.eventually("the process to be ready again", frozen::isReady);
  }

  @Test
  void aLoginThatWaitedInAFrozenLogicProcessEndsNoNewerSession() {
    GivenUp.assertALoginThatWaitedInAFrozenLogicProcessEndsNoNewerSession(cluster);
  }

  @Test
  void aLoginThatWaitedInAFrozenApiProcessIsNotReadWhenItsClientHasGone() throws IOException {
    GivenUp.assertALoginThatWaitedInAFrozenApiProcessIsNotReadWhenItsClientHasGone(cluster);
  }

  /**
   * As an upgrade does it: what was restarted writes the next version of the wire, which the others
   * do not know.
   */
  @Test
  void rollingRestartLosesNothingAndMovesEachClientOnceForEachConnectProcess() throws Exception {
    try (Talk talk = new Talk(cluster, 0);
        Clients one = cluster.clients(0, 0);
        Clients two = cluster.clients(1, 1);
        Journey journey = new Journey(cluster, one.v2(), talk.room())) {
      talk.load().slowly(25);
      List<Clients> at = List.of(one, two);
      List<V1Client> cutOff = new ArrayList<>();
      List<V1Client> moved = List.of();
      for (int n = 0; n < 2; n++) {
        talk.load().awaitMore(50);
        cluster.restart(n, "-Dparley.wire-version=2");
        List<V1Client> here = Stream.concat(moved.stream(), talk.listenersAt(n).stream()).toList();
        here.forEach(V1Client::awaitClose);
        assertThat(here.get(0).awaitClose().code()).isEqualTo(1012);
        if (n == 0) {
          assertThat(talk.listenersAt(1)).as("those elsewhere").allMatch(V1Client::isOpen);
        }
        cutOff.addAll(here);
        Clients elsewhere = at.get(1 - n);
        moved =
            List.of(
                elsewhere.join(talk.reader(), talk.room()),
                elsewhere.joinTcp(elsewhere.newUser(), talk.room()));
      }
      talk.load().awaitMore(50);
      journey.end();
      talk.assertKeptAndHeardBy(moved);
      talk.assertHeardAPiece(cutOff);
      journey.assertSmooth(talk.history());
      assertThat(talk.load().refusals()).isSubsetOf(Load.NOT_CONNECTED);
    }
  }

  private static void awaitHeard(V1Client listener, int messages) {
    Eventually.eventually(
        messages + " messages heard",
        Duration.ofSeconds(30),
        () -> listener.texts().size() >= messages);
  }
}
