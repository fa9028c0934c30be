package chat.parley.app;

import static com.hazelcast.instance.EndpointQualifier.MEMBER;

import com.hazelcast.cluster.Address;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.cluster.impl.TcpIpJoiner;
import com.hazelcast.internal.server.ServerConnectionManager;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds the way back to the others for a member that they have left out, such as one that was
 * stopped and goes on. Hazelcast asks one address after the other, in no order, and waits five
 * seconds at each where nobody is: with twenty ports configured of which nine are in use that was a
 * minute. Here all are called at once, and only those that answer are asked.
 */
final class MemberJoiner extends TcpIpJoiner {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** For the others, when one has answered. */
  private static final long MORE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** As long as Hazelcast waits for a single one. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Node node;

  MemberJoiner(Node node) {
    super(node);
    this.node = node;
  }

  /**
   * Where somebody is who is not of this member's cluster. Blocks for five seconds at most, as it
   * does each time where all addresses are empty or this cluster's own: on a thread of Hazelcast's
   * that only looks for others.
   */
  @Override
  public Collection<Address> getFilteredPossibleAddresses() {
    Collection<Address> addresses = super.getFilteredPossibleAddresses();
    ServerConnectionManager connections = node.getServer().getConnectionManager(MEMBER);
    addresses.forEach(address -> connections.getOrConnect(address, true));
    long end = System.nanoTime() + LONGEST_NANOS;
    boolean answered = false;
    while (!addresses.isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(POLL_NANOS);
      if (!answered && addresses.stream().anyMatch(address -> connections.get(address) != null)) {
        answered = true;
        end = Math.min(end, System.nanoTime() + MORE_NANOS);
      }
    }
    addresses.removeIf(address -> connections.get(address) == null);
    return addresses;
  }
}
