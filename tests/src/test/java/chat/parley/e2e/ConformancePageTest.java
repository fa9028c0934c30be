package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that say which test checks which promise name tests that there are. */
class ConformancePageTest {
  private static final Path TESTS = Path.of(System.getProperty("parley.repository"), "tests");
  private static final Path SOURCES = TESTS.resolve("src/test/java/chat/parley/e2e");
  private static final Pattern NAMED = Pattern.compile("`((?:\\w+/)?)(\\w+Test)(?:\\.(\\w+))?`");

  @ParameterizedTest
  @ValueSource(strings = {"V1-CONFORMANCE.md", "V2-CONFORMANCE.md", "FAULTS.md"})
  void everyTestThatThePageNamesExists(String page) throws IOException {
    Set<String> missing = new TreeSet<>();
    Matcher named = NAMED.matcher(Files.readString(TESTS.resolve(page)));
    int names = 0;
    while (named.find()) {
      names++;
      if (!exists(named.group(1), named.group(2), named.group(3))) {
        missing.add(named.group());
      }
    }
    assertThat(names).isGreaterThan(25);
    assertThat(missing).isEmpty();
  }

  /** Tests of every module, each by its name alone. */
  @Test
  void everyTestThatTheThreatModelNamesExists() throws IOException {
    Path repository = TESTS.toAbsolutePath().normalize().getParent();
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(repository)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*/src/test/.*Test.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.merge(name, Files.readString(file), String::concat);
      }
    }
    Matcher named = NAMED.matcher(Files.readString(repository.resolve("docs/threat-model.md")));
    Set<String> missing = new TreeSet<>();
    int names = 0;
    while (named.find()) {
      names++;
      String source = sources.getOrDefault(named.group(2), "");
      String method = named.group(3);
      if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
        missing.add(named.group());
      }
    }
    assertThat(names).isGreaterThan(25);
    assertThat(missing).isEmpty();
  }

  private static boolean exists(String folder, String testClass, String method) throws IOException {
    Path inFolder = SOURCES.resolve(folder.isEmpty() ? "v1/" : folder).resolve(testClass + ".java");
    for (Path file :
        List.of(inFolder, SOURCES.resolve(testClass + ".java"), ofTheSoak(testClass))) {
      if (Files.exists(file)) {
        return method == null || Files.readString(file).contains("void " + method + "(");
      }
    }
    return false;
  }

  private static Path ofTheSoak(String testClass) {
    return TESTS
        .resolveSibling("chaos/src/test/java/chat/parley/chaos")
        .resolve(testClass + ".java");
  }
}
