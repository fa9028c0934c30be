package chat.parley.app;

import chat.parley.settings.SettingsException;
import chat.parley.settings.TlsSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * How the processes find each other. Section {@code cluster}.
 *
 * @param name clusters of different names never meet; null: derived from the data folder, so that
 *     two installations on one machine stay apart
 * @param host name or address that the cluster and the event bus bind to; must be one that the
 *     other nodes can reach, and, unless there is TLS, no stranger can
 * @param port first port that a member tries
 * @param portCount how many ports a member tries, and looks for others at
 * @param members hosts, each with or without a port, where other members may be; empty: this host,
 *     or what the service below says
 * @param kubernetesService DNS name of a headless service whose addresses are the members, unless
 *     {@code members} names them
 * @param busPort of the event bus; 0: any free one
 * @param tlsCertificate PEM file of this member's certificate, with its chain; null: no TLS
 * @param tlsKey PEM file of the certificate's key; null: no TLS
 * @param tlsAuthority PEM file of the authorities whose certificates make a member; they must issue
 *     none to anybody else. Null: no TLS
 */
record ClusterSettings(
    String name,
    String host,
    int port,
    int portCount,
    List<String> members,
    String kubernetesService,
    int busPort,
    Path tlsCertificate,
    Path tlsKey,
    Path tlsAuthority) {
  static final String SECTION = "cluster";

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
    boolean enabled = new TlsSettings(SECTION, tlsCertificate, tlsKey).enabled();
    if (enabled != (tlsAuthority != null)) {
      throw new SettingsException(
          "cluster.tls-certificate, cluster.tls-key and cluster.tls-authority are set together or"
              + " not at all: a member shows its own certificate and checks that of others");
    }
  }

  /** What the member shows to others. */
  TlsSettings tls() {
    return new TlsSettings(SECTION, tlsCertificate, tlsKey);
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
