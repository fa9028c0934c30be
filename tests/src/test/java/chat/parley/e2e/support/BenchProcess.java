package chat.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A run of the bench of the command line against a server. */
public final class BenchProcess {
  private static final Path JAR =
      Path.of(
          System.getProperty("parley.repository"), "bench/target/parley-bench/parley-bench.jar");
  private static final int EXIT_WITHIN_S = 60;

  private BenchProcess() {}

  /** Runs it to its end, and answers the one round of its results. */
  public static JsonNode run(ParleyProcess server, String... arguments) {
    Path folder = DataFolder.create();
    Path results = folder.resolve("results.json");
    Path said = folder.resolve("said");
    Endpoints ports = server.endpoints();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    command.add("--api=" + ports.apiAddress());
    command.add("--ws=" + ports.wsAddress());
    command.add("--tcp=tcp://127.0.0.1:" + ports.tcp());
    command.add("--management=http://127.0.0.1:" + ports.management());
    command.add("--json=" + results);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      Leftovers.watch(process.toHandle());
      boolean ended = process.waitFor(EXIT_WITHIN_S, TimeUnit.SECONDS);
      assertThat(ended).as("it ends by itself: " + Files.readString(said)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(said)).isZero();
      JsonNode rounds = Json.parse(Files.readString(results)).path("rounds");
      assertThat(rounds).hasSize(1);
      return rounds.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
