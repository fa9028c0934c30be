package chat.parley.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code ./parley chaos} as it ships, until one fault of each of two kinds has struck. */
class ShortSoakTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("parley.repository"), "chaos/target/parley-chaos");
  private static final int EXIT_WITHIN_S = 240;

  @Test
  void nothingIsLostDoubledOrReorderedWhenAServerAndThenRedisAreKilled() throws Exception {
    Path folder = DataFolder.create();
    String report = run(folder, "--whole", "--minutes=0", "--seed=7", "--faults=kill,redis");
    assertThat(report)
        .contains("every promise kept")
        .containsPattern("kill +[1-9]")
        .containsPattern("redis +[1-9]")
        .containsPattern("[1-9][0-9,]* +acknowledged")
        .containsPattern("[1-9][0-9,]* +compared with what every device heard")
        .containsPattern(" 0 +lost")
        .contains("--seed 7");
    assertThat(folder.resolve("report.html")).content().contains("every promise kept");
  }

  private static String run(Path folder, String... arguments)
      throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dparley.home=" + System.getProperty("parley.home"),
                "-cp",
                FOLDER.resolve("parley-chaos.jar") + ":" + FOLDER.resolve("lib") + "/*",
                "chat.parley.chaos.Chaos",
                "--out=" + folder));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    Signals.endWithUs(process.toHandle());
    boolean ended = process.waitFor(EXIT_WITHIN_S, TimeUnit.SECONDS);
    assertThat(ended).as("it ends by itself: " + Files.readString(said)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    return Files.readString(folder.resolve("report.txt"));
  }
}
