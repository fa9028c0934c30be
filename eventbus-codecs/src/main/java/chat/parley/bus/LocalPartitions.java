package chat.parley.bus;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;

/**
 * The partitions that task workers of this process own: their owners can be handed messages by
 * reference. Told by the workers, a moment late for whoever asks from another thread. Any thread.
 */
public final class LocalPartitions {
  private static final String MAP = "parley.partitions";

  /** How many own each: two for a moment while one worker of the process hands over to another. */
  private final LocalMap<Integer, Integer> owners;

  private LocalPartitions(LocalMap<Integer, Integer> owners) {
    this.owners = owners;
  }

  public static LocalPartitions of(Vertx vertx) {
    return new LocalPartitions(vertx.sharedData().getLocalMap(MAP));
  }

  /** A worker owns it from now on. */
  public void add(int partition) {
    owners.merge(partition, 1, Integer::sum);
  }

  /** A worker that owned it does so no more. */
  public void remove(int partition) {
    owners.computeIfPresent(partition, (p, n) -> n == 1 ? null : n - 1);
  }

  public boolean contains(int partition) {
    return owners.containsKey(partition);
  }

  public int count() {
    return owners.size();
  }
}
