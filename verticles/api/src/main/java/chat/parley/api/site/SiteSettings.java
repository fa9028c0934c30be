package chat.parley.api.site;

import chat.parley.api.http.ListenSettings;
import chat.parley.settings.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;

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
    Path tlsCertificate,
    Path tlsKey) {
  public static final String SECTION = "site";

  public SiteSettings {
    host = host == null ? "127.0.0.1" : host;
    port = port == 0 ? 8080 : port;
    backlog = backlog == 0 ? 1024 : backlog;
    idleTimeout = idleTimeout == null ? Duration.ofSeconds(60) : idleTimeout;
    new TlsSettings(SECTION, tlsCertificate, tlsKey);
  }

  /** How the port speaks TLS. */
  public TlsSettings tls() {
    return new TlsSettings(SECTION, tlsCertificate, tlsKey);
  }

  ListenSettings listen() {
    return new ListenSettings(SECTION, host, port, backlog, idleTimeout, tls());
  }
}
