package chat.parley.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.Load;
import chat.parley.e2e.support.RunningCluster;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1WebSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers are scaled and stopped in an orderly way while people talk. */
@RunningCluster
class ScaleTest {
  private static final List<String> BEHIND_CONNECT = List.of("logic", "task", "api");

  @Test
  void nodesListsEveryMemberAndWhatItRuns(Cluster cluster) {
    String listed = cluster.command("nodes");
    for (String layer : Cluster.LAYERS) {
      assertThat(listed.lines().filter(line -> line.contains(layer)))
          .as("lines about %s in:%n%s", layer, listed)
          .hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void scalingUpAndDownUnderLoadLosesNothing(Cluster cluster) {
    try (Talk talk = new Talk(cluster, 0)) {
      for (String layer : BEHIND_CONNECT) {
        talk.load().awaitMore(50);
        cluster.command("scale", layer, "4");
        talk.load().awaitMore(50);
        cluster.command("scale", layer, "2");
      }
      talk.load().awaitMore(50);
      talk.assertKeptAndHeardByAll();
    }
  }

  @Test
  void scalingConnectDownSendsItsSessionsAwayWithServiceRestart(Cluster cluster) {
    try (Talk talk = new Talk(cluster, 1);
        Clients clients = cluster.clients(0, 0)) {
      cluster.command("scale", "connect", "4");
      talk.load().awaitMore(50);
      List<V1WebSocket> sockets =
          java.util.stream.IntStream.range(0, 8)
              .mapToObj(n -> clients.join(clients.newUser(), talk.room()))
              .toList();
      cluster.command("scale", "connect", "2");
      talk.load().awaitMore(50);
      List<V1WebSocket> sentAway = sockets.stream().filter(socket -> !socket.isOpen()).toList();
      assertThat(sentAway).as("sessions of the instances that went").isNotEmpty();
      assertThat(sentAway)
          .allSatisfy(
              socket -> {
                assertThat(socket.closed().orElseThrow().code()).isEqualTo(1012);
                assertThat(socket.closed().orElseThrow().reason()).isNotBlank();
              });
      clients.join(clients.newUser(), talk.room());
      List<V1Client> whoStayed =
          sockets.stream().filter(V1Client::isOpen).map(V1Client.class::cast).toList();
      talk.assertKeptAndHeardBy(whoStayed);
      talk.assertHeardAPiece(sentAway.stream().map(V1Client.class::cast).toList());
    }
  }

  @Test
  void orderlyStopsUnderLoadLoseNothingAndAreNotNoticed(Cluster cluster) {
    try (Talk talk = new Talk(cluster, 0)) {
      for (String layer : BEHIND_CONNECT) {
        talk.load().awaitMore(100);
        assertThat(cluster.member(layer, 1).terminate()).as("exit code of %s", layer).isZero();
        assertThat(talk.load().refusals()).as("after %s", layer).isSubsetOf(Load.NOT_CONNECTED);
      }
      talk.load().awaitMore(100);
      talk.assertKeptAndHeardByAll();
      // That an API is gone, each of its senders finds out once.
      assertThat(talk.load().refusals()).isSubsetOf(Load.NOT_CONNECTED);
      assertThat(talk.load().failures()).isLessThanOrEqualTo(Talk.SPEAKERS);
    }
  }

  @Test
  void orderlyStopOfConnectSaysGoodbyeToItsSessions(Cluster cluster) {
    try (Talk talk = new Talk(cluster, 1);
        Clients elsewhere = cluster.clients(0, 1)) {
      talk.load().awaitMore(100);
      int exit = cluster.member("connect", 0).terminate();
      V1Client webSocket = talk.listenersAt(0).get(0);
      assertThat(webSocket.awaitClose().code()).isEqualTo(1012);
      talk.listenersAt(0).get(1).awaitClose();
      elsewhere.join(elsewhere.newUser(), talk.room());
      talk.load().awaitMore(50);
      talk.assertKeptAndHeardBy(talk.listenersAt(1));
      talk.assertHeardAPiece(talk.listenersAt(0));
      assertThat(exit).isZero();
      assertThat(talk.load().refusals()).isEmpty();
    }
  }
}
