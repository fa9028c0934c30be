package chat.parley.app;

import chat.parley.settings.SettingsException;
import chat.parley.settings.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a process answers about its health and is told to scale. Section {@code management}.
 *
 * @param host that the port binds to
 * @param port 0: any free one
 * @param secret that a request to change something, or to see the nodes, must bring as {@code
 *     Authorization: Bearer …}; null: such requests are taken from this machine only, and only
 *     while the port is bound to loopback
 * @param drainDeadline within which an instance that goes must have ended its work
 * @param tlsCertificate PEM file of the certificate, with its chain; null: no TLS
 * @param tlsKey PEM file of the certificate's key; null: no TLS
 */
record ManagementSettings(
    String host,
    Integer port,
    String secret,
    Duration drainDeadline,
    Path tlsCertificate,
    Path tlsKey) {
  ManagementSettings {
    host = host == null ? "127.0.0.1" : host;
    port = port == null ? 9090 : port;
    secret = secret == null || secret.isBlank() ? null : secret;
    drainDeadline = drainDeadline == null ? Duration.ofSeconds(30) : drainDeadline;
    if (port < 0 || port > 65_535) {
      throw new SettingsException("management.port must be a port, 0 to 65535, not " + port);
    }
    if (secret != null && secret.length() < 16) {
      throw new SettingsException("management.secret must have at least 16 characters");
    }
    new TlsSettings("management", tlsCertificate, tlsKey);
  }

  /** How the port speaks TLS. */
  TlsSettings tls() {
    return new TlsSettings("management", tlsCertificate, tlsKey);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "ManagementSettings[" + host + ":" + port + "]";
  }
}
