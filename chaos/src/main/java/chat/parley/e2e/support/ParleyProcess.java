package chat.parley.e2e.support;

import chat.parley.chaos.ports.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * One process of Parley, started from the folder that the build leaves. Its output goes to a file
 * under {@code target/e2e-logs}. Closing it kills it and every child that it ever had.
 */
public final class ParleyProcess implements AutoCloseable {
  /** What a start may take on a machine of two cores that starts ten JVMs and does other things. */
  public static final Duration START = Duration.ofSeconds(180);

  private static final Duration STOP = Duration.ofSeconds(40);
  private static final Path HOME = Path.of(System.getProperty("parley.home"));
  private static final Path LOGS = Path.of(System.getProperty("parley.logs"));

  /** Several JVMs of tests write to one folder. */
  private static final long OWN = ProcessHandle.current().pid();

  private static final AtomicInteger STARTS = new AtomicInteger();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final Process process;
  private final Endpoints endpoints;
  private final Path log;
  private final URI ready;
  private final HttpClient client;
  private final Set<ProcessHandle> children = ConcurrentHashMap.newKeySet();

  private ParleyProcess(Process process, Endpoints endpoints, Path log, SSLContext trusting) {
    this.process = process;
    this.endpoints = endpoints;
    this.log = log;
    this.ready = endpoints.readyAddress(trusting == null ? "http" : "https");
    this.client =
        trusting == null
            ? CLIENT
            : HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .sslContext(trusting)
                .build();
    Leftovers.watch(process.toHandle());
  }

  /** Everything in one process, as {@code ./parley up} starts it; a cluster of its own. */
  public static Builder up(Path data) {
    return new Builder("up", List.of("up", "--data", data.toString()))
        .with("PARLEY_CLUSTER_PORT", "" + Ports.free())
        .with("PARLEY_CLUSTER_PORT_COUNT", "1");
  }

  /** Any other command line. */
  public static Builder command(String name, String... arguments) {
    return new Builder(name, List.of(arguments));
  }

  /** How a process is to be started. Environment variables of ours are not inherited. */
  public static final class Builder {
    private final String name;
    private final List<String> arguments;
    private final Map<String, String> settings = new HashMap<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> inside = new ArrayList<>();
    private Endpoints endpoints = Endpoints.free();
    private SSLContext trusting;
    private boolean classArchive = true;

    private Builder(String name, List<String> arguments) {
      this.name = name;
      this.arguments = arguments;
    }

    /** A setting by its environment variable. */
    public Builder with(String variable, String value) {
      settings.put(variable, value);
      return this;
    }

    /** Joins whom it finds, as a start without further settings does. */
    public Builder amongOthers() {
      settings.keySet().removeIf(variable -> variable.startsWith("PARLEY_CLUSTER_"));
      return this;
    }

    public Builder with(Map<String, String> more) {
      settings.putAll(more);
      return this;
    }

    /** By its settings it speaks TLS at its management port, with what this context trusts. */
    public Builder trusting(SSLContext certificates) {
      this.trusting = certificates;
      return this;
    }

    /** Runs it by another command, which becomes it: {@code ip netns exec NAME}. */
    public Builder inside(List<String> command) {
      inside.addAll(command);
      return this;
    }

    /** Loads every class from its jar. */
    Builder withoutClassArchive() {
      classArchive = false;
      return this;
    }

    /** More options of the JVM. */
    public Builder options(String... more) {
      options.addAll(List.of(more));
      return this;
    }

    public Builder at(Endpoints ports) {
      this.endpoints = ports;
      return this;
    }

    /** Starts and waits until the process says that it is ready. */
    public ParleyProcess start() {
      ParleyProcess started = launch();
      try {
        started.awaitReady();
        return started;
      } catch (AssertionError e) {
        started.close();
        throw e;
      }
    }

    /** Starts and does not wait. */
    public ParleyProcess launch() {
      List<String> command = new ArrayList<>(inside);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // Small, not one collector thread per core for each of ten processes, and compiled quickly
      // rather than well: they do not live for long.
      command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      command.addAll(classArchive ? ClassArchive.options() : List.of());
      command.addAll(options);
      command.addAll(List.of("-jar", HOME.resolve("parley.jar").toString()));
      command.addAll(arguments);
      try {
        Files.createDirectories(LOGS);
        String file = "%d-%03d-%s.log".formatted(OWN, STARTS.incrementAndGet(), name);
        Path log = LOGS.resolve(file);
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("PARLEY_"));
        builder.environment().putAll(endpoints.asSettings());
        builder.environment().putAll(settings);
        return new ParleyProcess(builder.start(), endpoints, log, trusting);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public void awaitReady() {
    Eventually.eventually(
        "process to be ready, see " + log, START, () -> !process.isAlive() || isReady());
    if (!process.isAlive()) {
      throw new AssertionError("exited with " + process.exitValue() + ": " + output());
    }
    children.addAll(Leftovers.watchChildrenOf(process.toHandle()));
  }

  /** What the process says of itself on its management port; false when it does not answer. */
  public boolean isReady() {
    return get().map(status -> status == 200).orElse(false);
  }

  private Optional<Integer> get() {
    HttpRequest request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5)).build();
    try {
      return Optional.of(client.send(request, BodyHandlers.discarding()).statusCode());
    } catch (IOException notThere) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The embedded Redis of this process. */
  public Optional<ProcessHandle> redis() {
    children.addAll(Leftovers.watchChildrenOf(process.toHandle()));
    return children.stream()
        .filter(ProcessHandle::isAlive)
        .filter(child -> child.info().command().orElse("").contains("redis"))
        .findFirst();
  }

  /** Whether another process is, or was, a child of this one. */
  public boolean everHad(ProcessHandle child) {
    return children.contains(child);
  }

  /** Everything that the process has printed. */
  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process as a crash does, and leaves its children alone. */
  public void kill9() {
    signalKill();
    awaitExit();
  }

  /** Sends the signal of {@link #kill9}, and does not wait: several may end in one moment. */
  public void signalKill() {
    children.addAll(Leftovers.watchChildrenOf(process.toHandle()));
    process.destroyForcibly();
  }

  /** Asks the process to stop and waits until it has; answers its exit code. */
  public int terminate() {
    tell();
    return awaitExit();
  }

  /** Asks the process to stop, by SIGTERM, and does not wait. */
  public void tell() {
    children.addAll(Leftovers.watchChildrenOf(process.toHandle()));
    process.destroy();
  }

  /** Where its output is. */
  public Path log() {
    return log;
  }

  public int awaitExit() {
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("still runs after " + STOP + ", see " + log);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** SIGSTOP: alive for the system, silent for everybody else. */
  public void freeze() {
    Signals.freeze(pid());
  }

  public void thaw() {
    Signals.thaw(pid());
  }

  /** This process and what it has started. */
  public List<ProcessHandle> withChildren() {
    children.addAll(Leftovers.watchChildrenOf(process.toHandle()));
    List<ProcessHandle> all = new ArrayList<>(livingChildren());
    all.add(process.toHandle());
    return all;
  }

  /** Children of this process that still run. */
  public List<ProcessHandle> livingChildren() {
    return children.stream().filter(ProcessHandle::isAlive).toList();
  }

  @Override
  public void close() {
    children.addAll(Leftovers.watchChildrenOf(process.toHandle()));
    process.destroyForcibly();
    awaitExit();
    Leftovers.kill(children.stream());
  }
}
