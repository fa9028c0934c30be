package chat.parley.task;

/** What one worker has done since its start. Read and written on its event loop. */
final class TaskCounters {
  /** Messages stored; one that had to be done again counts again. */
  long stored;

  /** Delivery requests that were answered. */
  long deliveries;

  /** Messages that were not delivered to a node because it was silent, gone or too slow. */
  long dropped;

  /** Partitions whose lease was lost, not given back. */
  long leasesLost;

  @Override
  public String toString() {
    return "%d messages stored, %d deliveries, %d messages dropped, %d leases lost"
        .formatted(stored, deliveries, dropped, leasesLost);
  }
}
