package chat.parley.app;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verticle instances of this process. Each is deployed by itself, so that each can go by
 * itself; undeploying one drains it.
 *
 * <p>Belongs to one context: the state is touched there only. Changes run one after the other.
 */
final class Deployments {
  /** Of one verticle in one process; an instance is an event loop. */
  static final int MAX_INSTANCES = 64;

  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

  private final Vertx vertx;
  private final Context context;
  private final DeploymentOptions options;
  private final Duration drainDeadline;
  private final Map<Layer, Deque<String>> deployed = new EnumMap<>(Layer.class);
  private final Map<Layer, Integer> ending = new EnumMap<>(Layer.class);
  private Future<?> lastChange = Future.succeededFuture();
  private volatile boolean draining;
  private volatile Map<Layer, Integer> left = Map.of();

  /**
   * Called on the context that it belongs to.
   *
   * @param template what each deployment has in common
   * @param config the whole settings tree
   */
  Deployments(Vertx vertx, DeploymentOptions template, JsonObject config, Duration drainDeadline) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.options = new DeploymentOptions(template).setInstances(1).setConfig(config);
    this.drainDeadline = drainDeadline;
  }

  /** Deploys the first instances, all at once; they find each other over the bus. */
  Future<Void> start(Map<Layer, Integer> instances, Patience patience) {
    List<Future<?>> starts = new ArrayList<>();
    instances.forEach(
        (layer, n) -> {
          deployed.put(layer, new ArrayDeque<>());
          Collections.nCopies(n, layer).forEach(l -> starts.add(patience.with(() -> deployOne(l))));
        });
    // All of them have an end, so that what failed can be drained in order.
    return Future.join(starts).mapEmpty();
  }

  /** What this process hosts, with the instances that run now. */
  Map<Layer, Integer> counts() {
    Map<Layer, Integer> counts = new EnumMap<>(Layer.class);
    deployed.forEach((layer, ids) -> counts.put(layer, ids.size()));
    return counts;
  }

  boolean hosts(Layer layer) {
    return deployed.containsKey(layer);
  }

  boolean draining() {
    return draining;
  }

  /** Instances that have not ended yet, those that were given up included. Any thread. */
  Map<Layer, Integer> left() {
    return left;
  }

  /**
   * Brings a hosted verticle to a number of instances, one at a time. When it fails, what was
   * reached until then stays.
   */
  Future<Void> scale(Layer layer, int instances) {
    return inTurn(() -> step(layer, instances));
  }

  /**
   * Ends everything in the order of the message. May be called from any thread. Never fails.
   *
   * @param announce how long to go on before that; what is called "draining" begins at once
   */
  Future<Void> drain(Duration announce) {
    boolean first = !draining;
    draining = true;
    Promise<Void> drained = Promise.promise();
    context.runOnContext(
        go -> {
          Future<?> announced =
              first && announce.toMillis() > 0
                  ? vertx.timer(announce.toMillis(), TimeUnit.MILLISECONDS)
                  : Future.succeededFuture();
          announced.onComplete(over -> inTurn(() -> drainFrom(0)).onComplete(drained));
        });
    return drained.future();
  }

  private Future<Void> inTurn(Supplier<Future<Void>> change) {
    Future<Void> turn = lastChange.transform(before -> change.get());
    lastChange = turn;
    return turn;
  }

  private Future<Void> step(Layer layer, int instances) {
    int now = deployed.get(layer).size();
    if (now == instances || draining) {
      return Future.succeededFuture();
    }
    Future<?> change = now < instances ? deployOne(layer) : undeployOne(layer);
    return change.compose(done -> step(layer, instances));
  }

  private Future<Void> drainFrom(int stage) {
    if (stage == Layer.STAGES) {
      return Future.succeededFuture();
    }
    List<Future<?>> stops = new ArrayList<>();
    deployed.forEach(
        (layer, ids) -> {
          while (layer.stopStage() == stage && !ids.isEmpty()) {
            stops.add(undeployOne(layer));
          }
        });
    return Future.join(stops)
        .recover(
            t -> {
              LOG.warn("{}", t.getMessage());
              return Future.succeededFuture();
            })
        .compose(done -> drainFrom(stage + 1));
  }

  private Future<Void> deployOne(Layer layer) {
    return vertx
        .deployVerticle(layer.className(), new DeploymentOptions(options))
        .onSuccess(
            id -> {
              deployed.get(layer).addLast(id);
              count();
            })
        .mapEmpty();
  }

  /** The youngest goes first. */
  private Future<Void> undeployOne(Layer layer) {
    String id = deployed.get(layer).removeLast();
    ending.merge(layer, 1, Integer::sum);
    return vertx
        .undeploy(id)
        .timeout(drainDeadline.toMillis(), TimeUnit.MILLISECONDS)
        .recover(t -> isGone(id, t) ? Future.succeededFuture() : badEnd(layer, t))
        .onSuccess(
            ended -> {
              ending.merge(layer, -1, Integer::sum);
              count();
            });
  }

  private void count() {
    Map<Layer, Integer> counts = new EnumMap<>(Layer.class);
    deployed.forEach(
        (layer, ids) -> {
          int n = ids.size() + ending.getOrDefault(layer, 0);
          if (n > 0) {
            counts.put(layer, n);
          }
        });
    left = counts;
  }

  /** Vert.x ends by itself what a failed start had deployed. */
  private boolean isGone(String id, Throwable t) {
    return !(t instanceof TimeoutException) && !vertx.deploymentIDs().contains(id);
  }

  private static Future<Void> badEnd(Layer layer, Throwable t) {
    return Future.failedFuture(
        StartFailure.environment(
            "an instance of " + layer.shortName() + " did not end well: " + t.getMessage(), t));
  }
}
