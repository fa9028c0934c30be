package chat.parley.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Takes addresses of this node out of the cluster while its consumers go on answering.
 *
 * <p>Unregistering a consumer does both at once, and that loses requests: the other nodes learn of
 * it a moment later, and the bus drops without a word what arrives meanwhile for an address that
 * nobody serves here; who asked waits until its deadline. After a withdrawal the senders turn to
 * other nodes one after the other, and what they have sent before is answered.
 */
public final class Withdrawal {
  /** Nobody has asked for so long: then all nodes know that this one has withdrawn. */
  private static final long QUIET_MS = 500;

  private static final long LOOK_MS = 50;

  private Withdrawal() {}

  /**
   * Withdraws every consumer that this node has at the addresses, and waits until nobody asks any
   * more. They may be unregistered afterwards as always. Without another node in the cluster there
   * is nothing to be done.
   *
   * @param lastArrival {@link System#nanoTime()} of when the newest request came; asked on the
   *     caller's context
   * @param longest that the end of the requests is waited for
   */
  public static Future<Void> untilQuiet(
      Vertx vertx, Collection<String> addresses, LongSupplier lastArrival, Duration longest) {
    ClusterManager cluster = ((VertxInternal) vertx).clusterManager();
    if (cluster == null || cluster.getNodes().size() < 2) {
      return Future.succeededFuture();
    }
    long end = System.nanoTime() + longest.toNanos();
    return Future.join(addresses.stream().map(address -> withdraw(cluster, address)).toList())
        .compose(
            withdrawn -> {
              Promise<Void> quiet = Promise.promise();
              look(vertx, System.nanoTime(), lastArrival, end, quiet);
              return quiet.future();
            });
  }

  private static void look(
      Vertx vertx, long withdrawn, LongSupplier lastArrival, long end, Promise<Void> quiet) {
    long now = System.nanoTime();
    long newest = Math.max(withdrawn - now, lastArrival.getAsLong() - now);
    if (-newest >= TimeUnit.MILLISECONDS.toNanos(QUIET_MS) || now - end >= 0) {
      quiet.complete();
    } else {
      vertx.setTimer(LOOK_MS, timer -> look(vertx, withdrawn, lastArrival, end, quiet));
    }
  }

  private static Future<?> withdraw(ClusterManager cluster, String address) {
    Promise<List<RegistrationInfo>> known = Promise.promise();
    cluster.getRegistrations(address, known);
    return known
        .future()
        .compose(
            registrations -> {
              List<Future<?>> removals = new ArrayList<>();
              for (RegistrationInfo each : registrations) {
                if (!each.localOnly() && each.nodeId().equals(cluster.getNodeId())) {
                  Promise<Void> removed = Promise.promise();
                  cluster.removeRegistration(address, each, removed);
                  removals.add(removed.future());
                }
              }
              return Future.join(removals);
            });
  }
}
