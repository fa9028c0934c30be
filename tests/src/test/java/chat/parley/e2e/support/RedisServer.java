package chat.parley.e2e.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The redis-server of the PATH, configured as Parley demands it, for clusters that share one. */
public final class RedisServer implements AutoCloseable {
  private final int port = Endpoints.freePorts(1).get(0);
  private final Process process;

  public RedisServer(Path folder) {
    try {
      process =
          new ProcessBuilder(
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
                  "")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("redis.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Leftovers.watch(process.toHandle());
    Eventually.eventually("redis-server to answer", this::answers);
  }

  private boolean answers() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    }
  }

  public int port() {
    return port;
  }

  public Map<String, String> asSettings() {
    return Map.of("PARLEY_REDIS_ADDRESS", "redis://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
