package chat.parley.api.http;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.net.ClientAddresses;
import chat.parley.net.ConnectionsByAddress;
import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Bounds on the connections of a server: of an instance in all, of an address in the process. Who
 * is over one is told so by the answer to its first request; when as many again are waiting to be
 * told, the next ones are just closed. Behind a proxy there are the proxy's connections only, and
 * those are not counted by address.
 *
 * <p>Belongs to one event loop.
 */
final class ConnectionBounds {
  private final int most;
  private final int mostOfAnAddress;
  private final ClientAddresses addresses;
  private final ConnectionsByAddress byAddress;
  private final Counter full;
  private final Counter tooManyOfAnAddress;
  private final Map<HttpConnection, ChatError> refused = new IdentityHashMap<>();
  private int open;

  ConnectionBounds(Vertx vertx, ListenSettings settings) {
    most = settings.maxConnections();
    mostOfAnAddress = settings.maxConnectionsPerAddress();
    addresses = settings.addresses();
    byAddress = ConnectionsByAddress.of(vertx, settings.section());
    full = Bounds.refusals(settings.section() + ".max-connections");
    tooManyOfAnAddress = Bounds.refusals(settings.section() + ".max-connections-per-address");
  }

  void opened(HttpConnection connection) {
    Channel channel = Callers.channelOf(connection);
    SocketAddress peer = channel.remoteAddress();
    int ofThis = addresses.isProxy(peer) ? 0 : byAddress.opened(ClientAddresses.of(peer), channel);
    open++;
    channel
        .closeFuture()
        .addListener(
            closed -> {
              open--;
              refused.remove(connection);
            });
    if (ofThis > mostOfAnAddress) {
      tooManyOfAnAddress.increment();
      refuse(
          connection,
          channel,
          ofThis > 2L * mostOfAnAddress,
          ChatError.rateLimited("too many connections from this address", Duration.ofSeconds(1)));
    } else if (open > most) {
      full.increment();
      refuse(
          connection,
          channel,
          open > 2L * most,
          new ChatError(ErrorCode.OVERLOADED, "too many connections, please try again"));
    }
  }

  private void refuse(
      HttpConnection connection, Channel channel, boolean withoutAWord, ChatError error) {
    if (withoutAWord) {
      channel.close();
    } else {
      refused.put(connection, error);
    }
  }

  /** Why a request's connection is one too many; null when it is not. */
  ChatError refusal(HttpServerRequest request) {
    return refused.isEmpty() ? null : refused.get(request.connection());
  }
}
