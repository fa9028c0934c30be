package chat.parley.api.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The page's modules that need no browser have tests of their own, in tests/web. */
class PageModulesTest {
  @Test
  void modulesOfThePageKeepTheirPromises() throws IOException, InterruptedException {
    assumeTrue(onPath("node"), "there is no node on the PATH");
    Process node =
        new ProcessBuilder("node", "--test", "tests/web/")
            .directory(Path.of("..", "..").toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor()).as(output).isZero();
    assertThat(output).containsPattern("pass [1-9]");
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
