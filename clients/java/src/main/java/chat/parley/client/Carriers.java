package chat.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/** Opens carriers by the scheme of an address: ws, wss, tcp, tls. */
final class Carriers {
  private final HttpClient http;
  private final SSLContext tls;
  private final Encoding encoding;
  private final Duration within;

  Carriers(HttpClient http, SSLContext tls, Encoding encoding, Duration within) {
    this.http = http;
    this.tls = tls;
    this.encoding = encoding;
    this.within = within;
  }

  static void check(URI address) {
    String scheme = String.valueOf(address.getScheme());
    boolean known = scheme.matches("ws|wss|tcp|tls");
    if (!known || address.getHost() == null) {
      throw new IllegalArgumentException(
          "an address is ws://, wss://, tcp:// or tls:// and a host, not " + address);
    }
    if (scheme.startsWith("t") && address.getPort() < 0) {
      throw new IllegalArgumentException(address + " names no port");
    }
  }

  CompletableFuture<Carrier> open(URI address, Carrier.Events events) {
    return switch (address.getScheme()) {
      case "tcp" -> TcpCarrier.open(address, null, within, events);
      case "tls" -> TcpCarrier.open(address, tls, within, events);
      default -> WebSocketCarrier.open(address, http, encoding, within, events);
    };
  }
}
