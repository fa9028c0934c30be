package chat.parley.connect;

import chat.parley.bus.Bounds;
import chat.parley.net.ClientAddresses;
import chat.parley.net.ConnectionsByAddress;
import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.List;

/**
 * Whether one more connection is one too many: of the bucket, or of the address that it comes from.
 * It is then told so, as its wire can; only when as many again of an address are being told, the
 * next ones are just closed.
 *
 * <p>Belongs to one event loop.
 */
final class Newcomers {
  static final String FORWARDED_FOR = "X-Forwarded-For";

  private static final Counter FULL = Bounds.refusals("connect.max-connections");
  private static final Counter TOO_MANY_OF_ADDRESS =
      Bounds.refusals("connect.max-connections-per-address");

  private final Bucket bucket;
  private final ConnectionsByAddress byAddress;
  private final ClientAddresses addresses;
  private final int mostOfAnAddress;

  Newcomers(Bucket bucket, ConnectionsByAddress byAddress) {
    this.bucket = bucket;
    this.byAddress = byAddress;
    this.addresses = bucket.settings().addresses();
    this.mostOfAnAddress = bucket.settings().maxConnectionsPerAddress();
  }

  /**
   * A connection was accepted. Whose it is, is known by now unless it comes through a proxy.
   *
   * @return why it is to be closed; null when it may stay. It may be closed already
   */
  CloseReason arrived(Channel channel) {
    SocketAddress peer = channel.remoteAddress();
    return addresses.isProxy(peer) ? null : count(ClientAddresses.of(peer), channel);
  }

  /** A connection has brought the head of a request; see {@link #arrived}. */
  CloseReason behindProxy(Channel channel, List<String> forwardedFor) {
    SocketAddress peer = channel.remoteAddress();
    return addresses.isProxy(peer) ? count(addresses.of(peer, forwardedFor), channel) : null;
  }

  /** Why a connection that is to be added is to be closed; null when there is room for it. */
  CloseReason whenFull() {
    if (!bucket.full()) {
      return null;
    }
    FULL.increment();
    return CloseReason.OVERLOADED;
  }

  private CloseReason count(String address, Channel channel) {
    int open = byAddress.opened(address, channel);
    if (open <= mostOfAnAddress) {
      return null;
    }
    TOO_MANY_OF_ADDRESS.increment();
    if (open > 2L * mostOfAnAddress) {
      channel.unsafe().close(channel.unsafe().voidPromise());
    }
    return CloseReason.TOO_MANY_OF_ADDRESS;
  }
}
