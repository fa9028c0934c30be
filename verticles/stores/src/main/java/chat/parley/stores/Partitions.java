package chat.parley.stores;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Who works on which partition: workers that are alive, and leases. */
public interface Partitions {
  /**
   * Says that a worker is alive (for the lease's duration) and answers all that are, sorted, the
   * worker itself included.
   */
  Future<List<String>> announce(String worker);

  /** A worker that stops. */
  Future<Void> withdraw(String worker);

  /** Takes a partition's lease if nobody holds it; empty when somebody does. */
  Future<Optional<PushQueue.Lease>> acquire(int partition, String worker);

  /** Prolongs a lease; false when it is gone. */
  Future<Boolean> renew(PushQueue.Lease lease);

  /** Gives a lease back, so that the next owner need not wait for its end. */
  Future<Void> release(PushQueue.Lease lease);
}
