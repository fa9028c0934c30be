package chat.parley.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Open connections by the address that they come from, of all instances of a process that serve the
 * same: a bound of each instance for itself would be one for each. Keeps an address for as long as
 * it has a connection, and nothing for a connection alone.
 *
 * <p>Any thread.
 */
public final class ConnectionsByAddress implements Shareable {
  private static final String MAP = "parley.connections-by-address";

  private final ConcurrentHashMap<String, Count> counts = new ConcurrentHashMap<>();

  private ConnectionsByAddress() {}

  /**
   * Those of a kind of connection in this process.
   *
   * @param section of the settings of those who serve them
   */
  public static ConnectionsByAddress of(Vertx vertx, String section) {
    return vertx
        .sharedData()
        .<String, ConnectionsByAddress>getLocalMap(MAP)
        .computeIfAbsent(section, key -> new ConnectionsByAddress());
  }

  /**
   * Counts a connection until it closes.
   *
   * @param address empty: it is not counted
   * @return how many there are of this address now, this one included
   */
  public int opened(String address, Channel channel) {
    if (address.isEmpty()) {
      return 0;
    }
    Count count =
        counts.compute(
            address,
            (key, there) -> {
              Count one = there == null ? new Count(key) : there;
              one.open++;
              return one;
            });
    int now = count.open;
    channel.closeFuture().addListener(count);
    return now;
  }

  /** Addresses that have a connection. */
  public int addresses() {
    return counts.size();
  }

  private final class Count implements ChannelFutureListener {
    private final String address;

    /** Changed inside the map's atomic steps only. */
    private volatile int open;

    Count(String address) {
      this.address = address;
    }

    @Override
    public void operationComplete(ChannelFuture closed) {
      counts.computeIfPresent(
          address,
          (key, there) -> {
            there.open--;
            return there.open == 0 ? null : there;
          });
    }
  }
}
