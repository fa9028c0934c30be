package chat.parley.app;

import chat.parley.bus.ProtoCodec;
import chat.parley.settings.SettingsReader;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;

/** What a process of Parley is: the verticles that it was told to run, and their management. */
final class ProcessVerticle extends VerticleBase {
  private static final Duration START_PATIENCE = Duration.ofSeconds(15);

  private final Map<Layer, Integer> plan;
  private final DeploymentOptions template;
  private final boolean sharesMachine;
  private volatile Deployments deployments;
  private volatile int managementPort;
  private volatile boolean served;
  private StoreProbes probes;

  /**
   * @param plan instances by verticle
   * @param template what the deployments have in common
   * @param sharesMachine other processes of the mesh may run here: a taken management port is no
   *     reason not to start
   */
  ProcessVerticle(Map<Layer, Integer> plan, DeploymentOptions template, boolean sharesMachine) {
    this.plan = plan;
    this.template = template;
    this.sharesMachine = sharesMachine;
  }

  @Override
  public Future<?> start() {
    ProtoCodec.install(vertx);
    JsonObject config = config();
    ManagementSettings settings =
        SettingsReader.section(config, "management", ManagementSettings.class);
    deployments = new Deployments(vertx, template, config, settings.drainDeadline());
    NodeDirectory nodes = new NodeDirectory(vertx);
    Readiness readiness = new Readiness(vertx, deployments);
    if (plan.keySet().stream().anyMatch(Layer::needsLogic)) {
      readiness.requireLogic();
    }
    ManagementServer management =
        new ManagementServer(
            vertx, settings, readiness, nodes, new Scaler(nodes, settings.drainDeadline()));
    Patience patience = new Patience(vertx, START_PATIENCE);
    NodeControl control = new NodeControl(vertx, nodes.self(), nodes.selfHost(), deployments);
    return management
        .listen(sharesMachine)
        .onSuccess(port -> managementPort = port)
        .compose(
            port ->
                Future.join(
                    requireStores(readiness, patience),
                    deployments.start(plan, patience),
                    control.register()))
        .onSuccess(
            done -> {
              readiness.started();
              served = true;
            })
        .recover(
            t ->
                Future.join(drain(Duration.ZERO), closeProbes())
                    .transform(ended -> Future.failedFuture(t)));
  }

  @Override
  public Future<?> stop() {
    return closeProbes();
  }

  private Future<?> closeProbes() {
    return probes == null ? Future.succeededFuture() : probes.close();
  }

  private Future<?> requireStores(Readiness readiness, Patience patience) {
    if (plan.keySet().stream().noneMatch(Layer::needsDatabase)) {
      return Future.succeededFuture();
    }
    return patience
        .with(() -> StoreProbes.open(vertx, config()))
        .onSuccess(
            opened -> {
              probes = opened;
              readiness.require("Redis", opened::askRedis);
              readiness.require("the database", opened::askDatabase);
            });
  }

  /**
   * Ends the verticles in the order of the message; the process is not ready from now on. May be
   * called from any thread. Never fails.
   *
   * @param announce how long it serves on all the same, once it was ready
   */
  Future<Void> drain(Duration announce) {
    Deployments begun = deployments;
    return begun == null
        ? Future.succeededFuture()
        : begun.drain(served ? announce : Duration.ZERO);
  }

  /** Instances of verticles that have not ended yet. Any thread. */
  Map<Layer, Integer> left() {
    Deployments begun = deployments;
    return begun == null ? Map.of() : begun.left();
  }

  /** The port that the management listens on, once started. */
  int managementPort() {
    return managementPort;
  }
}
