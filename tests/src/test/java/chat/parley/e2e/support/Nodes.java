package chat.parley.e2e.support;

import chat.parley.chaos.Servers;
import chat.parley.chaos.ports.Ports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two whole servers in one cluster, each with every kind of verticle, on one PostgreSQL and one
 * Redis that are processes of their own: whichever of the two dies, the other has it all.
 */
public final class Nodes implements Servers, AutoCloseable {
  public static final int COUNT = 2;

  private static final int CLUSTER_PORTS = 4;

  private final Path data = DataFolder.create();
  private final Map<String, String> settings = new HashMap<>();
  private final ParleyProcess[] nodes = new ParleyProcess[COUNT];
  private final List<Endpoints> endpoints = new ArrayList<>();
  private EmbeddedPostgres postgres;
  private RedisServer redis;

  /**
   * @param settings of both, by their variables
   */
  public Nodes(Map<String, String> settings) {
    try {
      postgres = PostgresServer.start();
      redis = new RedisServer(data);
      this.settings.putAll(redis.asSettings());
      this.settings.put(
          "PARLEY_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres");
      this.settings.put("PARLEY_DATABASE_USER", "postgres");
      this.settings.put(
          "PARLEY_CLUSTER_NAME", "nodes-" + ProcessHandle.current().pid() + "-" + redis.port());
      this.settings.put("PARLEY_CLUSTER_PORT", "" + Ports.freeRange(CLUSTER_PORTS));
      this.settings.put("PARLEY_CLUSTER_PORT_COUNT", "" + CLUSTER_PORTS);
      // As in production: what two nodes say to each other goes through TLS on both sides.
      this.settings.putAll(new TestCertificate(data).asClusterSettings());
      this.settings.putAll(settings);
      for (int i = 0; i < COUNT; i++) {
        endpoints.add(Endpoints.free());
      }
      restore();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  /** Starts what was killed and waits until all are ready. */
  public void restore() {
    for (int i = 0; i < COUNT; i++) {
      relaunch(i);
    }
    for (ParleyProcess node : nodes) {
      node.awaitReady();
    }
  }

  /** Starts a node that was killed, where it was, and does not wait. */
  public void relaunch(int node) {
    if (nodes[node] == null || !nodes[node].isAlive()) {
      nodes[node] =
          ParleyProcess.command("node-" + node, "up", "--data", data.toString())
              .with(settings)
              .at(endpoints.get(node))
              .launch();
    }
  }

  public ParleyProcess node(int node) {
    return nodes[node];
  }

  public Endpoints endpoints(int node) {
    return endpoints.get(node);
  }

  @Override
  public int count() {
    return COUNT;
  }

  @Override
  public int port(Carrier carrier, int node) {
    return carrier.port(endpoints(node));
  }

  @Override
  public URI api() {
    return endpoints(nodes[0].isAlive() && nodes[0].isReady() ? 0 : 1).apiAddress();
  }

  /** Of all nodes, the given one first. */
  @Override
  public List<URI> apis(int first) {
    List<URI> apis = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      apis.add(endpoints((first + i) % COUNT).apiAddress());
    }
    return apis;
  }

  /** Of all nodes by a carrier, the given node first. */
  public List<URI> addresses(Carrier carrier, int first) {
    List<URI> addresses = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      addresses.add(carrier.address(endpoints((first + i) % COUNT)));
    }
    return addresses;
  }

  @Override
  public void close() {
    for (ParleyProcess node : nodes) {
      if (node != null) {
        node.close();
      }
    }
    if (redis != null) {
      redis.close();
    }
    try {
      if (postgres != null) {
        postgres.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
