package chat.parley.stores;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * This process as a member of the mesh: its name, its ids for messages, and its lease, which is
 * kept up on a context that belongs to no verticle. One for each Vertx, shared by the verticle
 * instances that join it; the last one to leave gives the lease back.
 *
 * <p>Thread-safe. Futures complete on the caller's context.
 */
public final class Node implements Shareable {
  private static final String SHARED = "parley.node";

  private final VertxInternal vertx;
  private final Snowflake ids = new Snowflake(InstantSource.system(), System::nanoTime);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final NodeKeeper keeper;
  private final Future<String> nodeId;

  /** Counted inside the shared map's atomic steps only. */
  private int shares;

  private Node(VertxInternal vertx, JsonObject config) {
    this.vertx = vertx;
    this.keeper = new NodeKeeper(vertx, config, ids, () -> listeners.forEach(Runnable::run));
    this.nodeId = keeper.begin();
  }

  /** A listener that was added. */
  public interface Registration {
    void remove();
  }

  /**
   * Takes a share in this process's membership; the first one takes the lease. Fails as {@link
   * chat.parley.stores.redis.RedisStores#open} does, and then there is nothing to leave.
   *
   * @param config the whole settings tree; the first caller's counts
   */
  public static Future<Node> join(Vertx vertx, JsonObject config) {
    VertxInternal internal = (VertxInternal) vertx;
    Node node =
        shared(vertx)
            .compute(
                SHARED,
                (key, there) -> {
                  Node one = there == null ? new Node(internal, config) : there;
                  one.shares++;
                  return one;
                });
    Promise<Node> joined = internal.getOrCreateContext().promise();
    node.nodeId
        .map(node)
        .recover(t -> node.leave().transform(left -> Future.failedFuture(t)))
        .onComplete(joined);
    return joined.future();
  }

  /**
   * Gives one share back: once for each join. The last one ends the lease and removes what hangs on
   * it; where Redis is away, the lease ends by itself. Never fails.
   */
  public Future<Void> leave() {
    Node left =
        shared(vertx)
            .computeIfPresent(
                SHARED,
                (key, there) -> {
                  if (there != this) {
                    return there;
                  }
                  shares--;
                  return shares == 0 ? null : this;
                });
    if (left == this) {
      return Future.succeededFuture();
    }
    Promise<Void> ended = vertx.getOrCreateContext().promise();
    keeper.end().onComplete(ended);
    return ended.future();
  }

  /** Unique for ever: a process that is started again has another. */
  public String nodeId() {
    return nodeId.result();
  }

  /** The process's ids; none while its lease is not known to hold. */
  public Snowflake ids() {
    return ids;
  }

  /**
   * Calls back when the lease had ended and was taken again: everything that hung on it (topics,
   * presence) has to be registered again.
   *
   * @param listener called on the context that this method was called on
   */
  public Registration onRegained(Runnable listener) {
    Context context = vertx.getOrCreateContext();
    Runnable there = () -> context.runOnContext(v -> listener.run());
    listeners.add(there);
    return () -> listeners.remove(there);
  }

  private static LocalMap<String, Node> shared(Vertx vertx) {
    return vertx.sharedData().getLocalMap(SHARED);
  }
}
