package chat.parley.stores.redis;

import chat.parley.stores.Partitions;
import chat.parley.stores.PushQueue.Lease;
import chat.parley.stores.RedisSettings;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Live workers and leases of partitions. Time is Redis' own. */
final class RedisPartitions implements Partitions {
  private final RedisLink link;
  private final long leaseMs;

  RedisPartitions(RedisLink link, RedisSettings settings) {
    this.link = link;
    this.leaseMs = settings.partitionLease().toMillis();
  }

  @Override
  public Future<List<String>> announce(String worker) {
    return link.eval(Script.ANNOUNCE, List.of(Keys.WORKERS), worker, leaseMs)
        .map(
            alive ->
                StreamSupport.stream(alive.spliterator(), false)
                    .map(Response::toString)
                    .sorted()
                    .toList());
  }

  @Override
  public Future<Void> withdraw(String worker) {
    return link.call("ZREM", Keys.WORKERS, worker).mapEmpty();
  }

  @Override
  public Future<Optional<Lease>> acquire(int partition, String worker) {
    return link.eval(
            Script.ACQUIRE, List.of(Keys.lease(partition), Keys.fence(partition)), worker, leaseMs)
        .map(Response::toLong)
        .map(
            token ->
                token == 0 ? Optional.empty() : Optional.of(new Lease(partition, worker, token)));
  }

  @Override
  public Future<Boolean> renew(Lease lease) {
    return link.eval(Script.RENEW, List.of(Keys.lease(lease.partition())), valueOf(lease), leaseMs)
        .map(reply -> reply.toInteger() == 1);
  }

  @Override
  public Future<Void> release(Lease lease) {
    return link.eval(Script.RELEASE, List.of(Keys.lease(lease.partition())), valueOf(lease))
        .mapEmpty();
  }

  /** What the lease's key holds while the lease does. */
  static String valueOf(Lease lease) {
    return lease.owner() + ":" + lease.token();
  }
}
