package chat.parley.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceRulesTest {
  private static final Path REPOSITORY = Path.of(System.getProperty("parley.repository"));
  private static final int MOST_LINES = 400;
  private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules", "data");

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(REPOSITORY)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(SourceRulesTest::isOurs)
          .toList();
    }
  }

  private static boolean isOurs(Path file) {
    for (Path step : REPOSITORY.relativize(file)) {
      if (NOT_OURS.contains(step.toString())) {
        return false;
      }
    }
    return true;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noSourceFileHasMoreThanFourHundredLines() throws IOException {
    assertThat(sources())
        .isNotEmpty()
        .allSatisfy(
            file ->
                assertThat(read(file).lines().count())
                    .as(file.toString())
                    .isLessThanOrEqualTo(MOST_LINES));
  }

  @Test
  void noTestSleeps() throws IOException {
    String sleep = "Thread." + "sleep(";
    assertThat(sources())
        .filteredOn(file -> file.toString().contains("/src/test/"))
        .filteredOn(file -> read(file).contains(sleep))
        .isEmpty();
  }

  @Test
  void nothingIsCalledUtilsManagerHelperOrCommon() throws IOException {
    assertThat(sources())
        .extracting(file -> file.getFileName().toString())
        .noneMatch(name -> name.matches(".*(Utils?|Helpers?|Common)\\.java"))
        .noneMatch(name -> name.matches(".*Manager\\.java"));
  }
}
