package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.chaos.ports.Ports;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strangers at Hazelcast's port who speak its language and no more. */
class UnintroducedTest {
  private static final int TOO_MANY = 200;
  private static final int PATIENCE_MS = 30_000;

  private final List<Vertx> members = new ArrayList<>();
  private final Deque<Socket> strangers = new ArrayDeque<>();
  private final int port = Ports.freeRange(10);

  @AfterEach
  void stop() throws IOException {
    for (Socket stranger : strangers) {
      stranger.close();
    }
    members.forEach(member -> ClusterOfTwo.await(member.close()));
  }

  @Test
  void theOldestOfTooManyAreClosedAndAMemberJoinsBesideThem() throws IOException {
    members.add(member());
    flood(Unintroduced.MOST + TOO_MANY);
    for (int i = 0; i < TOO_MANY; i++) {
      awaitClosed(strangers.poll());
    }
    assertThat(isOpen(strangers.peekLast())).as("the newest").isTrue();

    members.add(member());

    assertThat(nodes()).hasSize(2);
    flood(2 * Unintroduced.MOST);
    for (int i = 0; i < 2 * Unintroduced.MOST; i++) {
      awaitClosed(strangers.poll());
    }
    // Who has said which member it is, is not among those.
    assertThat(nodes()).hasSize(2);
    var map =
        ClusterOfTwo.await(members.get(1).sharedData().<String, String>getClusterWideMap("shared"));
    ClusterOfTwo.await(map.put("key", "value"));
  }

  private List<String> nodes() {
    return ((VertxInternal) members.get(0)).clusterManager().getNodes();
  }

  private void flood(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket stranger = new Socket(InetAddress.getLoopbackAddress(), port);
      stranger.getOutputStream().write("HZC".getBytes(StandardCharsets.US_ASCII));
      strangers.add(stranger);
    }
  }

  private static void awaitClosed(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MS);
    try {
      while (socket.getInputStream().read() >= 0) {
        // It answers in its language.
      }
    } catch (SocketException reset) {
      // As closed as can be.
    } finally {
      socket.close();
    }
  }

  private static boolean isOpen(Socket socket) throws IOException {
    socket.setSoTimeout(1);
    try {
      while (socket.getInputStream().read() >= 0) {
        // It answers in its language.
      }
      return false;
    } catch (SocketTimeoutException nothingMore) {
      return true;
    }
  }

  private Vertx member() {
    JsonObject section =
        new JsonObject()
            .put("name", "unintroduced-" + ProcessHandle.current().pid())
            .put("port", port)
            .put("port-count", 10);
    HazelcastCluster cluster =
        HazelcastCluster.of(new JsonObject().put("cluster", section).put("data", "/unused"));
    VertxOptions options = new VertxOptions();
    cluster.bind(options.getEventBusOptions());
    return ClusterOfTwo.await(
        Vertx.builder().with(options).withClusterManager(cluster.manager()).buildClustered());
  }
}
