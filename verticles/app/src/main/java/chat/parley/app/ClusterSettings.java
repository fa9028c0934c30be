package chat.parley.app;

import chat.parley.settings.SettingsException;
import java.util.List;

/**
 * How the processes find each other. Section {@code cluster}.
 *
 * @param name clusters of different names never meet; null: derived from the data folder, so that
 *     two installations on one machine stay apart
 * @param host name or address that the cluster and the event bus bind to; must be one that the
 *     other nodes can reach, and no stranger can: the bus asks nobody for a password
 * @param port first port that a member tries
 * @param portCount how many ports a member tries, and looks for others at
 * @param members hosts, each with or without a port, where other members may be; empty: this host,
 *     or what the service below says
 * @param kubernetesService DNS name of a headless service whose addresses are the members, unless
 *     {@code members} names them
 * @param busPort of the event bus; 0: any free one
 */
record ClusterSettings(
    String name,
    String host,
    int port,
    int portCount,
    List<String> members,
    String kubernetesService,
    int busPort) {
  ClusterSettings {
    host = host == null ? "127.0.0.1" : host;
    port = port == 0 ? 5701 : port;
    portCount = portCount == 0 ? 20 : portCount;
    members = members == null ? List.of() : List.copyOf(members);
    requirePort("cluster.port", port);
    requirePort("cluster.bus-port", busPort);
    if (portCount < 1 || portCount > 100) {
      throw new SettingsException("cluster.port-count must be 1 to 100, not " + portCount);
    }
    requirePort("cluster.port + cluster.port-count", port + portCount - 1);
  }

  int lastPort() {
    return port + portCount - 1;
  }

  private static void requirePort(String setting, int value) {
    if (value < 0 || value > 65_535) {
      throw new SettingsException(setting + " must be a port, 0 to 65535, not " + value);
    }
  }
}
