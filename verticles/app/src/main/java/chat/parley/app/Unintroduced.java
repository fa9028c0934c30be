package chat.parley.app;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.server.ServerConnection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The connections to Hazelcast's port whose other end has not said yet which member it is. Each
 * holds buffers from its third byte on, and Hazelcast waits for the rest of its introduction for
 * ever; of more than a bound the oldest are closed. A member introduces itself at once, and tries
 * again when its connection ends.
 *
 * <p>Any thread.
 */
final class Unintroduced {
  static final int MOST = 256;

  private static final Counter REFUSED = Metrics.counter("parley.cluster.members.refused");

  private final ArrayDeque<Channel> channels = new ArrayDeque<>(MOST + 1);

  /** Counts a connection that was accepted, before it is read. */
  synchronized void accepted(Channel channel) {
    channels.add(channel);
    if (channels.size() <= MOST) {
      return;
    }
    channels.removeIf(each -> each.isClosed() || isIntroduced(each));
    for (Iterator<Channel> oldest = channels.iterator(); channels.size() > MOST; ) {
      Channel stranger = oldest.next();
      oldest.remove();
      REFUSED.increment();
      connectionOf(stranger).close("it does not say which member it is", null);
    }
  }

  private static boolean isIntroduced(Channel channel) {
    return connectionOf(channel).getRemoteUuid() != null;
  }

  private static ServerConnection connectionOf(Channel channel) {
    return (ServerConnection) channel.attributeMap().get(ServerConnection.class);
  }
}
