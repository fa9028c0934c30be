package chat.parley.api.http;

import chat.parley.net.ClientAddresses;
import chat.parley.settings.SettingsException;
import chat.parley.settings.TlsSettings;
import java.time.Duration;

/**
 * How a server listens.
 *
 * @param section of the settings that host and port come from, for error texts
 * @param backlog connections that may wait to be accepted
 * @param idleTimeout how long a connection may go without bringing a request, its TLS handshake
 *     included
 * @param maxConnections of one instance
 * @param maxConnectionsPerAddress of one process
 * @param addresses how clients are told apart
 * @param tls whether it speaks TLS
 */
public record ListenSettings(
    String section,
    String host,
    int port,
    int backlog,
    Duration idleTimeout,
    int maxConnections,
    int maxConnectionsPerAddress,
    ClientAddresses addresses,
    TlsSettings tls) {
  public ListenSettings {
    if (port < 1 || port > 65_535) {
      throw new SettingsException(section + ".port must be 1 to 65535, not " + port);
    }
    if (backlog < 1) {
      throw new SettingsException(section + ".backlog must be at least 1, not " + backlog);
    }
    if (idleTimeout.isZero()) {
      throw new SettingsException(section + ".idle-timeout must be longer than 0");
    }
    if (maxConnections < 1 || maxConnectionsPerAddress < 1) {
      throw new SettingsException(
          "%s.max-connections and %s.max-connections-per-address must be at least 1, not %d and %d"
              .formatted(section, section, maxConnections, maxConnectionsPerAddress));
    }
  }
}
