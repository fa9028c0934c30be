package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Some thousands of inputs that nobody wrote, against the target that the most code stands behind;
 * the same ones each time as long as the code is the same. {@code ./parley fuzz} tries more.
 */
class ShortRunTest {
  private static final int RUNS = 4_000;

  @Test
  void someThousandInputsOfTheFuzzersOwnBreakNothing(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    Process fuzzer =
        new ProcessBuilder(command(corpus))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int exit = fuzzer.waitFor();
    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(exit).as(said).isZero();
    assertThat(said).containsPattern("stat::number_of_executed_units: \\d{4,}");
  }

  private static List<String> command(Path corpus) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + SocketBytesFuzzTest.class.getName(),
        "--instrument=chat.parley.**",
        // Real sockets lead to a real Redis.
        "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
        "-seed=1",
        "-runs=" + RUNS,
        "-max_total_time=120",
        "-print_final_stats=1",
        corpus.toString());
  }
}
