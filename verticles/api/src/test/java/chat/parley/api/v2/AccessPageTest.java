package chat.parley.api.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.api.v1.V1Accounts;
import chat.parley.api.v1.V1Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing is served that docs/access.md has no row for, and so no test of who may ask it. */
class AccessPageTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z]+ /\\S+)`.*\\|$");

  @Test
  void everyPathThatThereIsHasItsRowAndNothingElseHas() throws IOException {
    String page = Files.readString(Path.of("../../docs/access.md"));
    String http = page.substring(page.indexOf("\n## HTTP\n"), page.indexOf("\n## Sockets of v1\n"));
    Set<String> rows = new TreeSet<>();
    ROW.matcher(http).results().forEach(row -> rows.add(row.group(1)));
    assertThat(rows).isEqualTo(served());
  }

  private static Set<String> served() {
    Set<String> served = new TreeSet<>();
    Stream.of(
            new V1Accounts(null).operations().keySet(),
            new V1Messages(null, ZoneOffset.UTC).operations().keySet())
        .flatMap(Set::stream)
        .forEach(path -> served.add("POST " + path));
    V2Endpoint.routes(null, Duration.ofSeconds(1))
        .forEach(route -> served.add(route.method() + " " + route.path()));
    return served;
  }
}
