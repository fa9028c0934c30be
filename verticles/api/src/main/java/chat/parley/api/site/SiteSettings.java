package chat.parley.api.site;

import chat.parley.api.http.ListenSettings;
import chat.parley.net.ClientAddresses;
import chat.parley.settings.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The static site. Section {@code site}.
 *
 * @param root folder of the pages; null: those that come with the server
 * @param apiUrl where browsers reach the HTTP API, for example {@code https://api.example.org};
 *     null: the page's own host name with the port of section {@code api}
 * @param wsUrl where browsers reach the WebSocket, for example {@code wss://ws.example.org/ws};
 *     null: the page's own host name with the port of section {@code connect}
 * @param backlog connections that may wait to be accepted
 * @param idleTimeout how long a connection may go without bringing a request
 * @param maxConnections open connections of an instance; one more is told to try again
 * @param maxConnectionsPerAddress open connections of a process from one address
 * @param trustedProxies addresses or networks whose X-Forwarded-For is believed
 * @param tlsCertificate PEM file of the certificate, with its chain; null: no TLS
 * @param tlsKey PEM file of the certificate's key; null: no TLS
 */
public record SiteSettings(
    String host,
    int port,
    String root,
    String apiUrl,
    String wsUrl,
    int backlog,
    Duration idleTimeout,
    int maxConnections,
    int maxConnectionsPerAddress,
    List<String> trustedProxies,
    Path tlsCertificate,
    Path tlsKey) {
  public static final String SECTION = "site";

  public SiteSettings {
    host = host == null ? "127.0.0.1" : host;
    port = port == 0 ? 8080 : port;
    backlog = backlog == 0 ? 1024 : backlog;
    idleTimeout = idleTimeout == null ? Duration.ofSeconds(60) : idleTimeout;
    maxConnections = maxConnections == 0 ? 10_000 : maxConnections;
    maxConnectionsPerAddress = maxConnectionsPerAddress == 0 ? 1_000 : maxConnectionsPerAddress;
    trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
    addresses(trustedProxies);
    new TlsSettings(SECTION, tlsCertificate, tlsKey);
  }

  /** How the port speaks TLS. */
  public TlsSettings tls() {
    return new TlsSettings(SECTION, tlsCertificate, tlsKey);
  }

  private ClientAddresses addresses() {
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
}
