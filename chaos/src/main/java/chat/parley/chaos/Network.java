package chat.parley.chaos;

import chat.parley.e2e.support.Endpoints;
import chat.parley.e2e.support.Line;
import chat.parley.e2e.support.Mesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A machine of its own for some members: a network namespace each, with a cable to a bridge that
 * the others and the stores are at too, and that can be pulled. It carries everything: cluster,
 * event bus, Redis, database, and the clients, whose connections are led there from loopback.
 *
 * <p>Needs root and iproute2, and nothing of the network that the machine has.
 */
public final class Network implements AutoCloseable {
  /** The kind of fault that it is there for. */
  static final String FAULT = "cut";

  private static final long COMMAND_WITHIN_S = 10;

  private final String tag = Long.toString(ProcessHandle.current().pid() % 100_000);
  private final String bridge = "pcb" + tag;
  private final String net = "10.213.%d.".formatted(ProcessHandle.current().pid() % 250);
  private final String host = net + 1;
  private final Mesh mesh;
  private final Map<String, Integer> members = new LinkedHashMap<>();
  private final List<Line> lines = new ArrayList<>();

  /** Lays the cables; the members are started at their ends from then on. */
  Network(Mesh mesh, List<String> names) {
    this.mesh = mesh;
    ip("link", "add", "name", bridge, "type", "bridge");
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "network"));
    try {
      ip("addr", "add", host + "/24", "dev", bridge);
      ip("link", "set", bridge, "up");
      names.forEach(this::lay);
      String everywhere = host;
      for (String name : names) {
        everywhere += "," + address(name);
      }
      mesh.with("PARLEY_CLUSTER_HOST", host).with("PARLEY_CLUSTER_MEMBERS", everywhere);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Why it cannot be had; empty when it can. */
  static Optional<String> impossible(Settings settings) {
    if (settings.whole() || settings.database() == Settings.Backend.H2) {
      return Optional.of("one machine's processes: needs --database postgres without --whole");
    }
    String trial = "pct" + ProcessHandle.current().pid() % 100_000;
    try {
      ip("link", "add", "name", trial, "type", "bridge");
      ip("link", "del", trial);
      ip("netns", "add", trial);
      ip("netns", "del", trial);
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of("network namespaces need root and iproute2");
    }
  }

  private void lay(String name) {
    int number = members.size() + 2;
    members.put(name, number);
    String space = space(name);
    ip("netns", "add", space);
    ip("link", "add", cable(name), "type", "veth", "peer", "name", "eth0", "netns", space);
    ip("link", "set", cable(name), "master", bridge);
    ip("link", "set", cable(name), "up");
    ip("-n", space, "addr", "add", address(name) + "/24", "dev", "eth0");
    ip("-n", space, "link", "set", "eth0", "up");
    ip("-n", space, "link", "set", "lo", "up");
    mesh.inside(name, List.of("ip", "netns", "exec", space));
    for (String setting : List.of("CLUSTER", "CONNECT", "MANAGEMENT")) {
      mesh.of(name, "PARLEY_" + setting + "_HOST", address(name));
    }
    Endpoints ports = mesh.ports(name);
    for (int port : List.of(ports.ws(), ports.tcp(), ports.secondTcp(), ports.management())) {
      lead("127.0.0.1", port, address(name), port);
    }
  }

  private void lead(String from, int port, String to, int toPort) {
    lines.add(new Line(new InetSocketAddress(from, port), new InetSocketAddress(to, toPort)));
  }

  /** Leads what listens on loopback of this machine to the members with one of their own. */
  void serve(int port, String variable, Map<String, String> settings) {
    lead(host, port, "127.0.0.1", port);
    String address = settings.get(variable).replace("127.0.0.1", host);
    members.keySet().forEach(name -> mesh.of(name, variable, address));
  }

  /** Whose cable can be pulled. */
  public List<String> members() {
    return List.copyOf(members.keySet());
  }

  /** Nothing reaches the member, and nothing comes from it; nobody is told. */
  public void pull(String member) {
    ip("link", "set", cable(member), "down");
  }

  public void plug(String member) {
    ip("link", "set", cable(member), "up");
  }

  private String space(String member) {
    return "parley-" + tag + "-" + members.get(member);
  }

  private String cable(String member) {
    return "pcv" + tag + "-" + members.get(member);
  }

  private String address(String member) {
    return net + members.get(member);
  }

  private static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    try {
      Process ip = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(ip.getInputStream().readAllBytes()).strip();
      if (!ip.waitFor(COMMAND_WITHIN_S, TimeUnit.SECONDS) || ip.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    lines.forEach(Line::close);
    // A namespace that goes takes both ends of its cable along.
    members.keySet().forEach(name -> quietly("netns", "del", space(name)));
    quietly("link", "del", bridge);
  }

  private static void quietly(String... arguments) {
    try {
      ip(arguments);
    } catch (RuntimeException notThere) {
      // It was not made, or has gone already.
    }
  }
}
