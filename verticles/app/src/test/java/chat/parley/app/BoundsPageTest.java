package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the bounds names settings that there are, and every bound that the code counts. */
class BoundsPageTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern SETTING = Pattern.compile("`([a-z0-9]+\\.[a-z0-9-]+)`");
  private static final Pattern COUNTED = Pattern.compile("Bounds\\s*\\.refusals\\(\"([^\"]+)\"\\)");

  private static String bounds() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/operations.md"));
    int from = page.indexOf("## Bounds");
    return page.substring(from, page.indexOf("\n## ", from));
  }

  @Test
  void everySettingOfThePageExists() throws IOException {
    List<String> known = SettingsSchema.all().stream().map(SettingsSchema.Setting::path).toList();
    List<String> named = SETTING.matcher(bounds()).results().map(r -> r.group(1)).toList();
    assertThat(named).hasSizeGreaterThan(30);
    assertThat(known).containsAll(named);
  }

  @Test
  void everyBoundThatIsCountedIsOnThePage() throws IOException {
    String page = bounds();
    try (Stream<Path> files = Files.walk(ROOT.resolve("verticles"))) {
      List<Path> sources =
          files.filter(file -> file.toString().matches(".*/src/main/.*\\.java")).toList();
      int counted = 0;
      for (Path source : sources) {
        Matcher bound = COUNTED.matcher(Files.readString(source));
        while (bound.find()) {
          counted++;
          assertThat(page).as(source.toString()).contains(bound.group(1));
        }
      }
      assertThat(counted).isGreaterThan(10);
    }
  }
}
