package chat.parley.app;

import chat.parley.settings.SettingsReader;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A process of the mesh under Vert.x's own launcher: {@link VertxApplication} starts and stops
 * Vert.x and honours its own options; the hooks here give it the cluster, the verticles of the
 * process, and an end in the order of the message.
 */
final class MeshApplication extends VertxApplication implements VertxApplicationHooks {
  private final JsonObject config;
  private final Map<Layer, Integer> plan;
  private final LocalStores stores;
  private final boolean sharesMachine;
  private final boolean clustered;
  private final DrainSettings drain;
  private final OrderlyEnd end;
  private volatile ProcessVerticle process;
  private volatile boolean vertxStarted;
  private volatile boolean vertxStopped;
  private Throwable failure;

  /**
   * @param launcherArgs for {@link VertxApplication}
   * @param config the whole settings tree
   * @param plan verticles to run; a number of instances among the launcher's arguments stands over
   *     those here
   * @param stores begun already; awaited before the verticles, stopped after them
   * @param sharesMachine see {@link ProcessVerticle}
   */
  MeshApplication(
      List<String> launcherArgs,
      JsonObject config,
      Map<Layer, Integer> plan,
      LocalStores stores,
      boolean sharesMachine) {
    super(launcherArgs.toArray(String[]::new), null, false, false);
    this.config = config;
    this.plan = new EnumMap<>(plan);
    this.stores = stores;
    this.sharesMachine = sharesMachine;
    this.clustered = launcherArgs.contains("--cluster");
    this.drain = SettingsReader.section(config, DrainSettings.SECTION, DrainSettings.class);
    this.end = new OrderlyEnd(drain.deadline(), this::awaitDrained, this::unfinished, stores::stop);
  }

  /**
   * Starts the process; returns when it serves.
   *
   * @throws StartFailure saying why it does not
   */
  void start() {
    // From the start of Vert.x on the launcher sees to the end; before it, nobody else does.
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopStoresIfAlone, "parley-early-end"));
    end.hearSignals();
    if (launch() == 0) {
      return;
    }
    String why = failure == null ? "the launcher did not understand" : Sentences.of(failure);
    throw failure instanceof StartFailure known
        ? known
        : StartFailure.environment("Parley did not start: " + why, failure);
  }

  int managementPort() {
    return process.managementPort();
  }

  @Override
  public JsonObject afterConfigParsed(JsonObject ignored) {
    return config;
  }

  @Override
  public VertxBuilder createVertxBuilder(VertxOptions options) {
    VertxBuilder builder = Vertx.builder().with(options.setPreferNativeTransport(true));
    if (!clustered) {
      return builder.withTransport(GuardedTransport.withoutBus());
    }
    try {
      HazelcastCluster cluster = HazelcastCluster.of(config);
      cluster.warnIfOpen();
      // Before the launcher puts its own -cluster-host and -cluster-port over these.
      cluster.bind(options.getEventBusOptions());
      return builder
          .withClusterManager(cluster.manager())
          .withTransport(GuardedTransport.over(new BusFrames.Unfinished(mostUnfinished())));
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void afterVertxStarted(HookContext context) {
    vertxStarted = true;
    // Vert.x would undeploy everything at once; it waits for its close hooks before it does.
    ((VertxInternal) context.vertx()).addCloseHook(done -> drain().onComplete(done));
  }

  @Override
  public Supplier<? extends Deployable> verticleSupplier() {
    return () -> process;
  }

  @Override
  public void beforeDeployingVerticle(HookContext context) {
    DeploymentOptions options = context.deploymentOptions();
    try {
      stores.await();
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
    if (options.getInstances() != DeploymentOptions.DEFAULT_INSTANCES) {
      plan.replaceAll((layer, n) -> options.getInstances());
    }
    process = new ProcessVerticle(plan, new DeploymentOptions(options), sharesMachine);
    options.setInstances(1).setThreadingModel(ThreadingModel.EVENT_LOOP);
  }

  @Override
  public void afterFailureToStartVertx(HookContext context, Throwable t) {
    failure = t;
  }

  @Override
  public void afterFailureToDeployVerticle(HookContext context, Throwable t) {
    failure = t;
  }

  @Override
  public void afterVertxStopped(HookContext context) {
    vertxStopped = true;
    stopped();
  }

  @Override
  public void afterFailureToStopVertx(HookContext context, Throwable t) {
    stopped();
  }

  /** Redis is the last to go: everybody who writes to it has ended. */
  private void stopped() {
    stores.stop();
    end.ended();
  }

  /** An eighth of the memory: more than members owe each other, and no danger to the process. */
  private static long mostUnfinished() {
    return Runtime.getRuntime().maxMemory() / 8;
  }

  private void stopStoresIfAlone() {
    if (!vertxStarted) {
      stores.stop();
    }
  }

  private Future<Void> drain() {
    end.begin();
    ProcessVerticle begun = process;
    return begun == null ? Future.succeededFuture() : begun.drain(drain.announce());
  }

  private void awaitDrained() {
    drain().toCompletionStage().toCompletableFuture().join();
  }

  private List<String> unfinished() {
    List<String> left = new ArrayList<>();
    ProcessVerticle begun = process;
    if (begun != null) {
      begun.left().forEach((layer, n) -> left.add(n + " of " + layer.shortName()));
    }
    if (vertxStarted && !vertxStopped) {
      left.add("leaving the cluster");
    }
    return left;
  }
}
