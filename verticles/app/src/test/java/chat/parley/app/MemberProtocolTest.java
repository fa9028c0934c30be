package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.settings.SettingsReader;
import com.hazelcast.cluster.Address;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.map.IMap;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members beside a process that was stopped: its port takes connections, and nothing answers. */
class MemberProtocolTest {
  private static final int ENTRIES = 100;
  private static final int PATIENCE_S = 30;

  private final List<HazelcastInstance> members = new ArrayList<>();

  @AfterEach
  void stop() {
    members.forEach(HazelcastInstance::shutdown);
  }

  @Test
  void whoSaysNothingKeepsNobodyFromTheOthers() throws Exception {
    members.add(member());
    members.add(member());
    assertThat(members.get(0).getCluster().getMembers()).hasSize(2);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      connect(members.get(0), silent.getLocalPort());
      try (Socket accepted = silent.accept()) {
        byte[] word = accepted.getInputStream().readNBytes(3);
        assertThat(new String(word, StandardCharsets.US_ASCII)).isEqualTo("HZC");

        IMap<Integer, String> map = members.get(0).getMap("map");
        for (int i = 0; i < ENTRIES; i++) {
          map.setAsync(i, "value").toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
        }
        assertThat(members.get(1).getMap("map").size()).isEqualTo(ENTRIES);
      }
    }
  }

  private static void connect(HazelcastInstance member, int port) throws Exception {
    ((HazelcastInstanceProxy) member)
        .getOriginal()
        .node
        .getServer()
        .getConnectionManager(EndpointQualifier.MEMBER)
        .getOrConnect(new Address("127.0.0.1", port));
  }

  private static HazelcastInstance member() {
    JsonObject section = new JsonObject().put("name", "silent-" + ProcessHandle.current().pid());
    ClusterSettings settings =
        SettingsReader.section(
            new JsonObject().put("cluster", section), "cluster", ClusterSettings.class);
    return GuardedMember.join(
        new HazelcastCluster(settings, "/unused").config(), ClusterTls.read(settings));
  }
}
