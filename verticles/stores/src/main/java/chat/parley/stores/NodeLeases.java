package chat.parley.stores;

import io.vertx.core.Future;

/** Leases of processes: a name, a small number for snowflake ids, and what hangs on them. */
public interface NodeLeases {
  /**
   * Takes a lease for a new node. No two live nodes have the same number, and a number is not given
   * again soon after its holder was last seen.
   */
  Future<NodeLease> acquire();

  /**
   * Prolongs a lease; takes it again when it had ended, and says so. From then on what the node
   * registers is safe again, but what it had registered may be gone.
   */
  Future<Renewal> renew(NodeLease lease);

  /** Gives a lease back and removes everything that hangs on it. */
  Future<Void> release(NodeLease lease);

  /**
   * Removes what hangs on leases that have ended (topics, presence). Any node may do it at any
   * time.
   *
   * @return how many dead nodes were cleared away
   */
  Future<Integer> sweep();

  /**
   * A live process.
   *
   * @param nodeId unique for ever: a process started again is another node
   * @param number 0 to 1023
   */
  record NodeLease(String nodeId, int number) {}

  /**
   * A lease that holds again.
   *
   * @param lease with another number when it was regained
   * @param regained whether it had ended in between
   */
  record Renewal(NodeLease lease, boolean regained) {}
}
