package chat.parley.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.RunningCluster;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1WebSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kill -9 while people talk: the others serve, and nothing acknowledged is lost. */
@RunningCluster
class KillOneOfEachTest {

  /**
   * gochat 17: a worker takes nothing off the queue before it is stored and handed over. After the
   * three kills one process of each layer is left.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void acknowledgedMessagesSurviveTheKillOfATaskALogicAndAnApiProcess(int victim, Cluster cluster) {
    try (Talk talk = new Talk(cluster, 0)) {
      for (String layer : List.of("task", "logic", "api")) {
        talk.load().awaitMore(150);
        cluster.member(layer, victim).kill9();
      }
      talk.load().awaitMore(150);
      talk.assertKeptAndHeardByAll();
    }
  }

  @Test
  void killOfAConnectProcessCutsItsOwnClientsOffAndNobodyElse(Cluster cluster) {
    try (Talk talk = new Talk(cluster, 1);
        Clients elsewhere = cluster.clients(1, 1)) {
      talk.load().awaitMore(150);
      cluster.member("connect", 0).kill9();
      talk.listenersAt(0).forEach(V1Client::awaitClose);
      V1WebSocket again = elsewhere.join(talk.reader(), talk.room());
      talk.load().awaitMore(150);
      talk.assertKeptAndHeardBy(talk.listenersAt(1));
      talk.assertHeardAPiece(talk.listenersAt(0));
      assertThat(again.texts()).isNotEmpty();
      talk.assertKeptAndHeardBy(List.of(again));
    }
  }

  /** gochat 18. */
  @Test
  void killedConnectProcessLeavesNoGhostsInTheRoom(Cluster cluster) {
    long room = Clients.newRoom();
    try (Clients dying = cluster.clients(0, 0);
        Clients living = cluster.clients(1, 1)) {
      User ghost = dying.newUser();
      User watcher = living.newUser();
      V1WebSocket socket = living.join(watcher, room);
      dying.join(ghost, room);
      socket.awaitFrame(V1Client.MEMBERS, list -> list.path("count").asInt() == 2);
      cluster.member("connect", 0).kill9();
      Eventually.eventually(
          "a list without the ghost, by itself",
          Duration.ofSeconds(20),
          () -> {
            var lists = socket.frames(V1Client.MEMBERS);
            return !lists.get(lists.size() - 1).path("roomUserInfo").has("" + ghost.id());
          });
    }
  }
}
