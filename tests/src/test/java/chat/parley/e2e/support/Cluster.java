package chat.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/**
 * Two processes of each layer with one Redis and one database: the smallest mesh in which each of
 * them may die. Each process is started by {@code run LAYER -cluster -conf FILE}.
 */
public final class Cluster implements AutoCloseable {
  public static final List<String> LAYERS = List.of("logic", "task", "connect", "api");
  private static final int OF_EACH = 2;

  private final Mesh mesh;

  private Cluster(Map<String, String> stores) {
    mesh = new Mesh("e2e", stores).with("PARLEY_DATA", DataFolder.create().toString());
    LAYERS.forEach(layer -> mesh.with(layer, OF_EACH));
    try {
      restore();
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  /** On one data folder: an H2 file and an embedded Redis that all processes share. */
  public static Cluster onOneFolder() {
    return new Cluster(Map.of());
  }

  /** On a database and a Redis of their own, by their settings. */
  public static Cluster on(Map<String, String> stores) {
    return new Cluster(stores);
  }

  /** Starts what is missing; all at once, because some wait for others. */
  public void restore() {
    mesh.restore();
  }

  /**
   * Restarts one process of each layer in an orderly way, all of them at the same time, as one
   * machine of two would be; returns when they are ready.
   *
   * @param jvmOption for those that are started
   */
  public void restart(int number, String jvmOption) {
    List<ParleyProcess> ending = LAYERS.stream().map(layer -> member(layer, number)).toList();
    ending.forEach(ParleyProcess::tell);
    ending.forEach(
        member -> assertThat(member.awaitExit()).as("exit code, %s", member.log()).isZero());
    LAYERS.forEach(layer -> mesh.options(layer + "-" + number, jvmOption));
    mesh.restore();
  }

  /** Every process of a layer, dead ones too. */
  public List<ParleyProcess> layer(String layer) {
    return List.of(member(layer, 0), member(layer, 1));
  }

  public ParleyProcess member(String layer, int number) {
    return mesh.process(layer + "-" + number);
  }

  /** Clients that use one api and one connect process. */
  public Clients clients(int api, int connect) {
    Endpoints a = member("api", api).endpoints();
    Endpoints c = member("connect", connect).endpoints();
    return new Clients(
        new Endpoints(a.api(), a.site(), c.ws(), c.tcp(), c.secondTcp(), a.management()));
  }

  /** Both APIs, for clients that try the next one when one is gone. */
  public List<V1Http> apis() {
    return layer("api").stream().map(api -> new V1Http(api.endpoints().apiAddress())).toList();
  }

  /** Runs a command such as {@code nodes} against this cluster; answers what it printed. */
  public String command(String... arguments) {
    ParleyProcess command =
        ParleyProcess.command(arguments[0], arguments)
            .with(mesh.settings())
            .at(member("api", 0).endpoints())
            .launch();
    try (command) {
      int exit = command.awaitExit();
      if (exit != 0) {
        throw new AssertionError("exit " + exit + ": " + command.output());
      }
      return command.output();
    }
  }

  @Override
  public void close() {
    mesh.close();
  }
}
