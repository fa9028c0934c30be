package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bytes that any stranger can send are fuzzed for a moment in every build, led by the coverage:
 * that finds what a change has made easy to find, and leaves it where the build tries it again.
 * {@code ./parley fuzz} looks longer, and at every target.
 */
class SocketBytesShortRunTest {
  private static final int SECONDS = 5;
  private static final int DEADLINE_S = 120;

  @TempDir Path folder;

  @Test
  void nothingIsFoundAtOnce() throws Exception {
    Path output = folder.resolve("output");
    Process fuzzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + SocketBytesFuzzTest.class.getName(),
                "--instrumentation_includes=chat.parley.**",
                // What it would report is that the target opens sockets.
                "--disabled_hooks="
                    + "com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
                "-seed=1",
                "-max_total_time=" + SECONDS,
                "-timeout=20")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(fuzzer.waitFor(DEADLINE_S, TimeUnit.SECONDS)).as("it ends").isTrue();
      String said = Files.readString(output);
      assertThat(fuzzer.exitValue()).as(said).isZero();
      assertThat(said).containsPattern("#\\d+\\s+DONE +cov: [1-9]");
    } finally {
      fuzzer.destroyForcibly();
    }
  }
}
