package chat.parley.e2e.support;

import chat.parley.chaos.ports.Ports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Processes of one cluster, each of which may end and be started again at the same ports. Any
 * thread may ask; one at a time starts.
 */
public final class Mesh implements AutoCloseable {
  private static final int CLUSTER_PORTS = 20;
  private static final AtomicInteger MESHES = new AtomicInteger();

  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, String> settings = new HashMap<>();

  /** One that should run, and what of it does. */
  private static final class Member {
    private final String layer;
    private final List<String> command;
    private final Endpoints ports = Endpoints.free();
    private final Map<String, String> own = new HashMap<>();
    private List<String> inside = List.of();
    private String[] jvmOptions = {};
    private volatile ParleyProcess process;

    Member(String layer, List<String> command) {
      this.layer = layer;
      this.command = command;
    }
  }

  /**
   * @param name of the cluster, in part
   * @param settings of all members, by their variables
   */
  public Mesh(String name, Map<String, String> settings) {
    long pid = ProcessHandle.current().pid();
    this.settings.put(
        "PARLEY_CLUSTER_NAME", "%s-%d-%d".formatted(name, pid, MESHES.incrementAndGet()));
    this.settings.put("PARLEY_CLUSTER_PORT", "" + Ports.freeRange(CLUSTER_PORTS));
    this.settings.putAll(settings);
  }

  /** A setting of all members, in force when they are started the next time. */
  public Mesh with(String variable, String value) {
    settings.put(variable, value);
    return this;
  }

  /** So many processes of one layer, by {@code run LAYER -cluster}; none is started yet. */
  public Mesh with(String layer, int count) {
    return with(layer, count, List.of("run", layer, "-cluster", "-conf", "conf/dev.yaml"));
  }

  /** So many processes of a command; none is started yet. */
  public Mesh with(String layer, int count, List<String> command) {
    for (int i = 0; i < count; i++) {
      members.put(layer + "-" + i, new Member(layer, command));
    }
    return this;
  }

  /** A setting of one member, in force when it is started the next time. */
  public Mesh of(String member, String variable, String value) {
    members.get(member).own.put(variable, value);
    return this;
  }

  /** Options of one member's JVM, in force when it is started the next time. */
  public Mesh options(String member, String... jvmOptions) {
    members.get(member).jvmOptions = jvmOptions;
    return this;
  }

  /** Runs one member by another command, which becomes it, when it is started the next time. */
  public Mesh inside(String member, List<String> command) {
    members.get(member).inside = command;
    return this;
  }

  /** Of all members, whether they run or not. */
  public List<String> names() {
    return List.copyOf(members.keySet());
  }

  /** Of the members of some layers. */
  public List<String> names(List<String> layers) {
    return names().stream().filter(name -> layers.contains(members.get(name).layer)).toList();
  }

  /** Null when it was never started. */
  public ParleyProcess process(String member) {
    return members.get(member).process;
  }

  public Endpoints ports(String member) {
    return members.get(member).ports;
  }

  /** What all have in common. */
  public Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** Starts a member unless it lives, and does not wait. */
  public void launch(String name) {
    Member member = members.get(name);
    if (member.process == null || !member.process.isAlive()) {
      member.process =
          ParleyProcess.command(name, member.command.toArray(String[]::new))
              .with(settings)
              .with(member.own)
              .inside(member.inside)
              .options(member.jvmOptions)
              .at(member.ports)
              .launch();
    }
  }

  /** Starts what is missing, all at once, because some wait for others; and waits for those. */
  public void restore() {
    List<ParleyProcess> started = new ArrayList<>();
    for (String name : names()) {
      ParleyProcess before = process(name);
      launch(name);
      if (process(name) != before) {
        started.add(process(name));
      }
    }
    started.forEach(ParleyProcess::awaitReady);
  }

  /** Members that are not ready at this moment. */
  public List<String> notReady() {
    return names().stream()
        .filter(name -> !process(name).isAlive() || !process(name).isReady())
        .toList();
  }

  @Override
  public void close() {
    for (Member member : members.values()) {
      if (member.process != null) {
        member.process.close();
      }
    }
  }
}
