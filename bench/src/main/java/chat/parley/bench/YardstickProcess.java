package chat.parley.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The yardstick, in a process of its own on free ports. Ends with this one, however that ends. */
final class YardstickProcess implements AutoCloseable {
  private final Process process;
  private final int api;
  private final int ws;

  YardstickProcess() {
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-XX:+UseSerialGC",
                      "-Xmx128m",
                      "-cp",
                      System.getProperty("java.class.path"),
                      Yardstick.class.getName()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String[] ports = ports();
      api = Integer.parseInt(ports[0]);
      ws = Integer.parseInt(ports[1]);
    } catch (IOException e) {
      throw new BenchException("the yardstick cannot be started: " + e.getMessage(), e);
    }
  }

  private String[] ports() throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(Yardstick.READY)) {
        return line.substring(Yardstick.READY.length()).split(" ");
      }
    }
    throw new BenchException("the yardstick did not start");
  }

  long pid() {
    return process.pid();
  }

  int api() {
    return api;
  }

  int ws() {
    return ws;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
