package chat.parley.stores;

import chat.parley.stores.NodeLeases.NodeLease;
import chat.parley.stores.NodeLeases.Renewal;
import chat.parley.stores.redis.RedisStores;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a node's lease, renews it at a third of its term, and sweeps away what dead nodes left.
 * Lives on a context of its own, so that it outlives each verticle that uses the node.
 */
final class NodeKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(NodeKeeper.class);
  private static final long SWEEP_MS = 3_000;
  private static final int RENEWALS_A_TERM = 3;

  private final VertxInternal vertx;
  private final JsonObject config;
  private final Snowflake ids;
  private final Runnable onRegained;
  private final ContextInternal context;

  private RedisStores stores;
  private NodeLeases leases;
  private NodeLease lease;
  private long renewTimer;
  private boolean renewing;
  private boolean ended;

  NodeKeeper(VertxInternal vertx, JsonObject config, Snowflake ids, Runnable onRegained) {
    this.vertx = vertx;
    this.config = config;
    this.ids = ids;
    this.onRegained = onRegained;
    // Vert.x closes what belongs to no verticle before it stops the verticles. What hangs on a
    // close future of its own stays, so that the lease can be given back after them.
    this.context = vertx.contextBuilder().withCloseFuture(new CloseFuture()).build();
  }

  /** Answers the node's name once its lease is taken. */
  Future<String> begin() {
    Promise<String> begun = context.promise();
    context.runOnContext(
        v ->
            RedisStores.open(vertx, config)
                .compose(this::acquire)
                .map(NodeLease::nodeId)
                .onComplete(begun));
    return begun.future();
  }

  /** Ends the lease and what hangs on it. Idempotent, never fails. */
  Future<Void> end() {
    Promise<Void> done = context.promise();
    context.runOnContext(v -> release().onComplete(done));
    return done.future();
  }

  private Future<NodeLease> acquire(RedisStores opened) {
    stores = opened;
    leases = opened.nodeLeases();
    long asked = System.nanoTime();
    return leases
        .acquire()
        .onSuccess(
            taken -> {
              hold(taken, asked);
              long term = stores.settings().nodeLease().toMillis();
              renewTimer = vertx.setPeriodic(Math.max(1, term / RENEWALS_A_TERM), id -> renew());
              sweepLater();
            });
  }

  private void renew() {
    if (renewing) {
      return;
    }
    renewing = true;
    long asked = System.nanoTime();
    leases
        .renew(lease)
        .onComplete(
            answer -> {
              renewing = false;
              if (ended) {
                return;
              }
              if (answer.succeeded()) {
                renewed(answer.result(), asked);
              } else {
                LOG.warn(
                    "lease of node {} not renewed: {}",
                    lease.nodeId(),
                    answer.cause().getMessage());
              }
            });
  }

  private void renewed(Renewal renewal, long asked) {
    hold(renewal.lease(), asked);
    if (renewal.regained()) {
      LOG.warn("lease of node {} had ended and was taken again", lease.nodeId());
      onRegained.run();
    }
  }

  /** Counted from the question: Redis counts from later on, so nobody has the number before. */
  private void hold(NodeLease held, long asked) {
    lease = held;
    ids.hold(held.number(), asked + stores.settings().nodeLease().toNanos());
  }

  private void sweepLater() {
    // Jitter keeps the nodes of a mesh from sweeping all at the same moment.
    long delay = SWEEP_MS / 2 + ThreadLocalRandom.current().nextLong(SWEEP_MS);
    vertx.setTimer(
        delay,
        id -> {
          if (!ended) {
            leases
                .sweep()
                .onSuccess(this::logSwept)
                .onFailure(t -> LOG.debug("dead nodes not swept", t))
                .onComplete(done -> sweepLater());
          }
        });
  }

  private void logSwept(int nodes) {
    if (nodes > 0) {
      LOG.info("cleared away what {} dead nodes had registered", nodes);
    }
  }

  private Future<Void> release() {
    if (ended || stores == null) {
      return Future.succeededFuture();
    }
    ended = true;
    ids.lose();
    vertx.cancelTimer(renewTimer);
    Future<Void> released = lease == null ? Future.succeededFuture() : leases.release(lease);
    return released
        .onFailure(t -> LOG.warn("lease of this node not given back: {}", t.getMessage()))
        .transform(done -> stores.close())
        .otherwiseEmpty();
  }
}
