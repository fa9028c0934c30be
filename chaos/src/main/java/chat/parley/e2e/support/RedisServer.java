package chat.parley.e2e.support;

import chat.parley.chaos.ports.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The redis-server of the PATH, configured as Parley demands it, for clusters that share one. It
 * may be killed and started again on the same append-only file and port.
 */
public final class RedisServer implements AutoCloseable {
  private static final int ANSWER_WITHIN_MS = 1_000;

  private final int port = Ports.free();
  private final Path folder;
  private Process process;

  /** Starts it and waits for it. */
  public RedisServer(Path folder) {
    this.folder = folder;
    start();
    awaitAnswer();
  }

  /** Starts it, and does not wait. */
  public void start() {
    List<String> command =
        List.of(
            "redis-server",
            "--port",
            "" + port,
            "--bind",
            "127.0.0.1",
            "--dir",
            folder.toString(),
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--maxmemory-policy",
            "noeviction",
            "--save",
            "");
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("redis.log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Leftovers.watch(process.toHandle());
  }

  public void awaitAnswer() {
    Eventually.eventually("redis-server to answer", this::answers);
  }

  private boolean answers() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_WITHIN_MS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    }
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public Map<String, String> asSettings() {
    return Map.of("PARLEY_REDIS_ADDRESS", "redis://127.0.0.1:" + port);
  }

  /** Ends it as a crash does, and waits for that. */
  public void kill9() {
    process.destroyForcibly();
    Eventually.eventually("redis-server to be dead", () -> !process.isAlive());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
