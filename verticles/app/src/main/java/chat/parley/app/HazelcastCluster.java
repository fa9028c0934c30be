package chat.parley.app;

import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.XmlConfigBuilder;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.ClusterManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster as {@link ClusterSettings} describe it: {@code cluster.xml} with them put over it.
 */
final class HazelcastCluster {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastCluster.class);

  private final ClusterSettings settings;
  private final String name;
  private final String address;
  private final ClusterTls tls;

  /** The cluster of a settings tree. */
  static HazelcastCluster of(JsonObject config) {
    return new HazelcastCluster(
        SettingsReader.section(config, ClusterSettings.SECTION, ClusterSettings.class),
        config.getString(SettingsSchema.DATA));
  }

  /**
   * @param dataFolder absolute; gives a cluster without a name its name
   * @throws SettingsException when the host of the settings has no address, or a file of its TLS is
   *     not as it should be
   */
  HazelcastCluster(ClusterSettings settings, String dataFolder) {
    this.settings = settings;
    this.name = settings.name() == null ? nameOf(dataFolder) : settings.name();
    this.address = resolve(settings.host());
    this.tls = ClusterTls.read(settings);
  }

  String name() {
    return name;
  }

  /** For a Vert.x that is to be built as a member; the member joins already here, which blocks. */
  ClusterManager manager() {
    return GuardedMember.start(config(), tls);
  }

  /** The event bus binds where the cluster does, and nowhere else. */
  void bind(EventBusOptions bus) {
    bus.setHost(address).setPort(settings.busPort()).setClusterPublicHost(address);
    tls.on(bus);
  }

  /** Says so when strangers may be able to reach a cluster that asks nobody who he is. */
  void warnIfOpen() {
    if (!tls.enabled() && !isLoopback()) {
      LOG.warn(
          "The cluster is open: whoever reaches {} on port {} or that of the event bus can join it,"
              + " read every message and send in anybody's name. Set cluster.tls-certificate,"
              + " cluster.tls-key and cluster.tls-authority, or see that no stranger reaches it",
          address,
          settings.port());
    }
  }

  private boolean isLoopback() {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  Config config() {
    Config config = read();
    config.setClusterName(name);
    NetworkConfig network = config.getNetworkConfig();
    network.setPort(settings.port()).setPortCount(settings.portCount()).setPortAutoIncrement(true);
    network.getInterfaces().setEnabled(true).clear().addInterface(address);
    JoinConfig join = network.getJoin();
    if (settings.kubernetesService() != null && settings.members().isEmpty()) {
      join.getTcpIpConfig().setEnabled(false);
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", settings.kubernetesService());
    } else {
      join.getTcpIpConfig().setEnabled(true).clear();
      for (String member : settings.members()) {
        addMember(join, member);
      }
      if (settings.members().isEmpty()) {
        addMember(join, address);
      }
    }
    return config;
  }

  /** Every port is listed: Hazelcast does not try more than a few of a host by itself. */
  private void addMember(JoinConfig join, String member) {
    if (member.matches(".*:\\d+")) {
      join.getTcpIpConfig().addMember(member);
      return;
    }
    for (int port = settings.port(); port <= settings.lastPort(); port++) {
      join.getTcpIpConfig().addMember(member + ":" + port);
    }
  }

  /**
   * Looks before the start, because Hazelcast would tell the same in pages.
   *
   * @throws StartFailure when every port that a member may take is taken
   */
  void requireFreePort() {
    for (int port = settings.port(); port <= settings.lastPort(); port++) {
      if (Ports.isFree(address, port)) {
        return;
      }
    }
    throw StartFailure.environment(
        String.format(
            "every cluster port from %d to %d on %s is taken; choose others by setting"
                + " cluster.port or variable PARLEY_CLUSTER_PORT",
            settings.port(), settings.lastPort(), address));
  }

  private static Config read() {
    // Our own file, checked by a test; the schema's check costs a quarter of a second at each
    // start.
    System.setProperty("hazelcast.config.schema.validation.enabled", "false");
    try (InputStream xml =
        HazelcastCluster.class.getClassLoader().getResourceAsStream("cluster.xml")) {
      return new XmlConfigBuilder(xml).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resolve(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw new SettingsException("cluster.host " + host + " has no address", e);
    }
  }

  static String nameOf(String dataFolder) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(dataFolder.getBytes(StandardCharsets.UTF_8));
      return "parley-" + HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
