package chat.parley.app;

import chat.parley.bus.ProtoCodec;
import chat.parley.chaos.ports.Ports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/** Two nodes with a clustered bus between them, in one JVM: what crosses it crosses as bytes. */
final class ClusterOfTwo implements AutoCloseable {
  private final String name = "two-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
  private final int port = Ports.freeRange(10);
  private final Vertx one;
  private final Vertx two;

  /**
   * @param versionOfTwo of the wire, that the second node writes
   */
  ClusterOfTwo(int versionOfTwo) {
    one = join();
    two = join();
    ProtoCodec.install(one);
    System.setProperty("parley.wire-version", "" + versionOfTwo);
    try {
      ProtoCodec.install(two);
    } finally {
      System.clearProperty("parley.wire-version");
    }
  }

  Vertx one() {
    return one;
  }

  Vertx two() {
    return two;
  }

  private Vertx join() {
    JsonObject section = new JsonObject().put("name", name).put("port", port).put("port-count", 10);
    HazelcastCluster cluster =
        HazelcastCluster.of(new JsonObject().put("cluster", section).put("data", "/unused"));
    VertxOptions options = new VertxOptions();
    cluster.bind(options.getEventBusOptions());
    return await(
        Vertx.builder().with(options).withClusterManager(cluster.manager()).buildClustered());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(two.close());
    await(one.close());
  }
}
