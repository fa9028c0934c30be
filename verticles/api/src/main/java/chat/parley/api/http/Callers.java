package chat.parley.api.http;

import chat.parley.net.ClientAddresses;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/** Whose requests they are, as limits count them. */
public final class Callers {
  private static final String FORWARDED_FOR = "X-Forwarded-For";

  private final ClientAddresses addresses;

  public Callers(ClientAddresses addresses) {
    this.addresses = addresses;
  }

  /** See {@link ClientAddresses#of(java.net.SocketAddress, java.util.List)}. */
  public String of(HttpServerRequest request) {
    return addresses.of(
        channelOf(request.connection()).remoteAddress(), request.headers().getAll(FORWARDED_FOR));
  }

  static Channel channelOf(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }
}
