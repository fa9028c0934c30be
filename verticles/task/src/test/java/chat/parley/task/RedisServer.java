package chat.parley.task;

import chat.parley.chaos.ports.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;

/** A real redis-server on a port of its own, which a test can end with kill -9 and start again. */
final class RedisServer implements AutoCloseable {
  private static final String PASSWORD = "only-for-this-test";

  private final Path folder;
  private final int port;
  private Process process;

  RedisServer(Path folder) {
    this.folder = folder;
    this.port = Ports.free();
    start();
  }

  String address() {
    return "redis://127.0.0.1:" + port;
  }

  String password() {
    return PASSWORD;
  }

  void start() {
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      "redis-server",
                      "--port",
                      "" + port,
                      "--bind",
                      "127.0.0.1",
                      "--requirepass",
                      PASSWORD,
                      "--appendonly",
                      "yes",
                      "--appendfsync",
                      "always",
                      "--save",
                      "",
                      "--dir",
                      folder.toString()))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("redis.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until("Redis listens", this::listens);
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
