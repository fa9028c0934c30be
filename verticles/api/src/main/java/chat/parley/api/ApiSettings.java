package chat.parley.api;

import chat.parley.api.http.ListenSettings;
import chat.parley.net.ClientAddresses;
import chat.parley.settings.SettingsException;
import chat.parley.settings.TlsSettings;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * The HTTP APIs of v1 and v2. Section {@code api}.
 *
 * @param corsOrigins origins whose pages may call, for example {@code https://chat.example.org};
 *     {@code *} for any. No request carries a credential by itself, so any page may call what any
 *     program may; a production configuration names its own all the same
 * @param maxBody bytes of the largest request body
 * @param maxBodies bytes of all request bodies that one instance holds, small ones not counted,
 *     before more are refused
 * @param deadline within which a request must have arrived, and again within which it is answered
 * @param maxInFlight requests of one instance that logic works on; ten times as many may wait for
 *     their turn
 * @param backlog connections that may wait to be accepted
 * @param idleTimeout how long a connection may go without bringing a request
 * @param maxConnections open connections of an instance; one more is told to try again
 * @param maxConnectionsPerAddress open connections of a process from one address
 * @param trustedProxies addresses or networks whose X-Forwarded-For is believed
 * @param timeZone of the dates in the history; null: the system's. The same as {@code
 *     connect.time-zone}, or clients cannot tell that a message of both is one
 * @param tlsCertificate PEM file of the certificate, with its chain; null: no TLS
 * @param tlsKey PEM file of the certificate's key; null: no TLS
 */
public record ApiSettings(
    String host,
    int port,
    List<String> corsOrigins,
    int maxBody,
    int maxBodies,
    Duration deadline,
    int maxInFlight,
    int backlog,
    Duration idleTimeout,
    int maxConnections,
    int maxConnectionsPerAddress,
    List<String> trustedProxies,
    String timeZone,
    Path tlsCertificate,
    Path tlsKey) {
  public static final String SECTION = "api";

  public ApiSettings {
    host = host == null ? "127.0.0.1" : host;
    port = port == 0 ? 7070 : port;
    corsOrigins = corsOrigins == null ? List.of("*") : List.copyOf(corsOrigins);
    maxBody = maxBody == 0 ? 64 * 1024 : maxBody;
    maxBodies = maxBodies == 0 ? 32 * 1024 * 1024 : maxBodies;
    deadline = deadline == null ? Duration.ofSeconds(5) : deadline;
    maxInFlight = maxInFlight == 0 ? 1024 : maxInFlight;
    backlog = backlog == 0 ? 4096 : backlog;
    idleTimeout = idleTimeout == null ? Duration.ofSeconds(60) : idleTimeout;
    maxConnections = maxConnections == 0 ? 10_000 : maxConnections;
    maxConnectionsPerAddress = maxConnectionsPerAddress == 0 ? 1_000 : maxConnectionsPerAddress;
    trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
    addresses(trustedProxies);
    if (maxBody < 1) {
      throw new SettingsException("api.max-body must be at least 1, not " + maxBody);
    }
    if (maxBodies < maxBody) {
      throw new SettingsException(
          "api.max-bodies must be at least api.max-body (%d), not %d"
              .formatted(maxBody, maxBodies));
    }
    if (deadline.isZero()) {
      throw new SettingsException("api.deadline must be longer than 0");
    }
    if (maxInFlight < 1) {
      throw new SettingsException("api.max-in-flight must be at least 1, not " + maxInFlight);
    }
    zone(timeZone);
    new TlsSettings(SECTION, tlsCertificate, tlsKey);
  }

  ZoneId zone() {
    return zone(timeZone);
  }

  /** How the port speaks TLS. */
  public TlsSettings tls() {
    return new TlsSettings(SECTION, tlsCertificate, tlsKey);
  }

  /** How clients are told apart. */
  ClientAddresses addresses() {
    return addresses(trustedProxies);
  }

  private static ClientAddresses addresses(List<String> proxies) {
    return new ClientAddresses(SECTION + ".trusted-proxies", proxies);
  }

  ListenSettings listen() {
    return new ListenSettings(
        SECTION,
        host,
        port,
        backlog,
        idleTimeout,
        maxConnections,
        maxConnectionsPerAddress,
        addresses(),
        tls());
  }

  private static ZoneId zone(String name) {
    try {
      return name == null ? ZoneId.systemDefault() : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new SettingsException("api.time-zone does not know a zone " + name, e);
    }
  }
}
