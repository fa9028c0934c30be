package chat.parley.stores.redis.embedded;

import chat.parley.stores.FileMutex;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The redis-server of one folder as a process: starts, finds and ends it. Every method that changes
 * something is called under the folder's {@link FileMutex}.
 */
final class RedisChild {
  private static final Logger LOG = LoggerFactory.getLogger(RedisChild.class);

  private static final Map<String, String> DURABLE =
      Map.of("appendonly", "yes", "appendfsync", "always", "maxmemory-policy", "noeviction");

  private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(3);

  /** Includes reading the append-only file, which may be large. */
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);
  private static final long POLL_MS = 20;

  private final Path folder;
  private final Path log;

  RedisChild(Path folder) {
    this.folder = folder;
    this.log = folder.resolve("redis.log");
  }

  /**
   * Starts a redis-server and waits until it serves. Its endpoint is on file from the beginning.
   * One that ends at once because of what a power cut left gets its file mended.
   */
  RedisEndpoint start(RedisBinary binary, int port, String password) throws IOException {
    try {
      return startOnce(binary, port, password);
    } catch (RedisUnusableException e) {
      if (!new AppendOnlyFile(folder).cutOffTornEnd(binary)) {
        throw e;
      }
      return startOnce(binary, port, password);
    }
  }

  private RedisEndpoint startOnce(RedisBinary binary, int port, String password)
      throws IOException {
    // On file before the process is there: whoever comes after a crash in between finds the
    // process.
    RedisEndpoint planned = new RedisEndpoint("127.0.0.1", port, password, 0);
    planned.write(folder);
    Path conf = folder.resolve("redis.conf");
    RedisEndpoint.writePrivately(conf, configuration(planned));
    Process process = launch(binary, conf);
    RedisEndpoint ready =
        awaitReady(
            planned,
            () -> {
              if (!process.isAlive()) {
                throw new RedisUnusableException(
                    binary.file() + " ended with " + process.exitValue() + ": see " + log + ".");
              }
            });
    ready.write(folder);
    return ready;
  }

  /** Waits until a redis-server that somebody started serves, and answers with its process id. */
  RedisEndpoint awaitReady(RedisEndpoint endpoint) throws IOException {
    return awaitReady(endpoint, () -> {});
  }

  /**
   * @param stillStarting asked before each further attempt; throws when waiting is in vain
   */
  private RedisEndpoint awaitReady(RedisEndpoint endpoint, Runnable stillStarting)
      throws IOException {
    long end = System.nanoTime() + START_DEADLINE.toNanos();
    while (true) {
      try (AdminConnection admin = new AdminConnection(endpoint, ANSWER_DEADLINE)) {
        admin.call("PING");
        return new RedisEndpoint(
            endpoint.host(), endpoint.port(), endpoint.password(), processId(admin));
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw new RedisUnusableException(
              "The embedded Redis does not start: see " + log + ".", e);
        }
        stillStarting.run();
        pause();
      }
    }
  }

  /**
   * Whether a redis-server is there for this folder and set as it must be. One that does not answer
   * is ended (it keeps what it acknowledged), and so is one with other settings.
   */
  boolean isServing(RedisEndpoint endpoint) throws IOException {
    try (AdminConnection admin = new AdminConnection(endpoint, ANSWER_DEADLINE)) {
      if (!folder.toRealPath().toString().equals(value(admin, "dir"))) {
        return false;
      }
      for (Map.Entry<String, String> setting : DURABLE.entrySet()) {
        if (!setting.getValue().equals(value(admin, setting.getKey()))) {
          stop(endpoint);
          return false;
        }
      }
      return true;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      // Frozen, or somebody else's server on the port: only a redis-server of ours is ended.
      kill(endpoint.pid());
      return false;
    }
  }

  /** Ends a redis-server and waits until it is gone. */
  void stop(RedisEndpoint endpoint) throws IOException {
    try (AdminConnection admin = new AdminConnection(endpoint, ANSWER_DEADLINE)) {
      admin.call("SHUTDOWN");
    } catch (IOException expected) {
      // It closes the connection instead of answering; whether it is gone is seen below.
      LOG.debug("SHUTDOWN of {}: {}", endpoint, expected.toString());
    }
    if (!awaitEnd(endpoint.pid())) {
      kill(endpoint.pid());
    }
  }

  /** Whether a process has ended; one that only waits for its parent to notice has. */
  static boolean isGone(long pid) {
    if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
      return true;
    }
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state == 'Z' || state == 'X';
    } catch (IOException e) {
      // No /proc on this system, or gone in between: the next look tells.
      return false;
    }
  }

  /**
   * A child of this process, but in a session of its own where the system has {@code setsid}: a
   * Ctrl-C in the terminal must not reach it before those who still write to it have drained.
   */
  private Process launch(RedisBinary binary, Path conf) throws IOException {
    List<String> command = new ArrayList<>();
    SearchPath.find(System.getenv().getOrDefault("PATH", ""), "setsid")
        .ifPresent(setsid -> command.add(setsid.toString()));
    command.add(binary.file().toString());
    command.add(conf.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private String configuration(RedisEndpoint endpoint) {
    StringBuilder text = new StringBuilder();
    text.append("bind ").append(endpoint.host()).append('\n');
    text.append("port ").append(endpoint.port()).append('\n');
    text.append("requirepass ").append(endpoint.password()).append('\n');
    text.append("daemonize no\n");
    text.append("databases 1\n");
    text.append("dir ").append(quoted(folder)).append('\n');
    text.append("logfile ").append(quoted(log)).append('\n');
    text.append("pidfile ").append(quoted(folder.resolve("redis.pid"))).append('\n');
    text.append("save \"\"\n");
    DURABLE.forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
    return text.toString();
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static long processId(AdminConnection admin) throws IOException {
    return String.join("\n", admin.call("INFO", "server"))
        .lines()
        .filter(line -> line.startsWith("process_id:"))
        .map(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
        .findFirst()
        .orElseThrow(() -> new IOException("Redis does not tell its process id"));
  }

  private static String value(AdminConnection admin, String setting) throws IOException {
    List<String> pair = admin.call("CONFIG", "GET", setting);
    return pair.size() < 2 ? "" : pair.get(1);
  }

  /** Ends our redis-server the hard way; leaves a stranger's process alone. */
  private void kill(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(this::isOurs);
    process.ifPresent(ProcessHandle::destroyForcibly);
    if (process.isPresent() && !awaitEnd(pid)) {
      // A second one on the same files would spoil them.
      throw new RedisUnusableException(
          "The Redis of " + folder + " (process " + pid + ") hangs and cannot be ended.");
    }
  }

  /** A process number may have passed to a stranger; only our redis-server works in our folder. */
  private boolean isOurs(ProcessHandle process) {
    Path cwd = Path.of("/proc", Long.toString(process.pid()), "cwd");
    try {
      return Files.exists(cwd, LinkOption.NOFOLLOW_LINKS)
          ? cwd.toRealPath().equals(folder.toRealPath())
          : process.info().command().orElse("").contains("redis-");
    } catch (IOException e) {
      LOG.debug("process {} is not ours", process.pid(), e);
      return false;
    }
  }

  private static boolean awaitEnd(long pid) {
    long end = System.nanoTime() + STOP_DEADLINE.toNanos();
    while (!isGone(pid)) {
      if (System.nanoTime() > end) {
        return false;
      }
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnusableException("The wait for Redis was interrupted.", e);
    }
  }
}
