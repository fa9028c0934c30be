package chat.parley.api.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/api-v2.md to the code. */
class ReferenceTest {
  private static final String REFERENCE = read();
  private static final List<String> ROUTES =
      V2Endpoint.routes(null, Duration.ofSeconds(1)).stream()
          .map(route -> route.method() + " " + route.path())
          .toList();

  @Test
  void everyRouteHasItsSectionAndNothingElseHas() {
    List<String> sections =
        found("(?m)^### `([A-Z]+ /[^`]*)`$").map(section -> section.group(1)).toList();
    assertThat(sections).containsExactlyInAnyOrderElementsOf(ROUTES);
  }

  @Test
  void tableOfErrorsIsTheMappers() {
    List<String> rows =
        found("(?m)^\\| `([A-Z_]+)` \\| (\\d+) \\|.*\\| (yes|no) \\|$")
            .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
            .toList();
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ErrorCode.values())
                .map(
                    code ->
                        code + " " + Problem.statusOf(code) + (code.retryable() ? " yes" : " no"))
                .toList());
  }

  @Test
  void exampleOfAProblemIsWhatTheMapperMakes() {
    JsonObject example =
        found("(?s)```json\\n(\\{\\s*\"type\".*?)```")
            .map(block -> new JsonObject(block.group(1)))
            .findFirst()
            .orElseThrow();
    ErrorCode code = ErrorCode.valueOf(example.getString("code"));
    assertThat(example.getString("type")).isEqualTo(Problem.typeOf(code));
    assertThat(example.getString("title")).isEqualTo(Problem.titleOf(code));
    assertThat(example.getInteger("status")).isEqualTo(Problem.statusOf(code));
  }

  @Test
  void everyRouteHasAnExampleAndEveryExampleItsRoute() {
    List<String> examples =
        found("(?s)curl (.*?)\\$PARLEY(/[^\\s\"?]*)(.*?)(?=\\ncurl|\\nTOKEN|\\n```)")
            .map(ReferenceTest::routeOf)
            .toList();
    assertThat(examples).isSubsetOf(ROUTES).containsAll(ROUTES);
  }

  /** By curl's own rules: -X, else POST where there is a body, else GET. */
  private static String routeOf(MatchResult example) {
    String options = example.group(1);
    String method =
        options.contains("-X ")
            ? options.replaceAll("(?s).*-X ([A-Z]+).*", "$1")
            : example.group(3).contains(" -d ") ? "POST" : "GET";
    List<String> segments = Arrays.asList(example.group(2).substring(1).split("/"));
    return V2Endpoint.routes(null, Duration.ofSeconds(1)).stream()
        .filter(route -> route.method().name().equals(method))
        .filter(route -> route.match(segments).isPresent())
        .map(route -> route.method() + " " + route.path())
        .findFirst()
        .orElse(method + " " + example.group(2));
  }

  private static Stream<MatchResult> found(String pattern) {
    return Pattern.compile(pattern).matcher(REFERENCE).results();
  }

  private static String read() {
    try {
      return Files.readString(Path.of("../../docs/api-v2.md"));
    } catch (IOException e) {
      throw new AssertionError("the reference is not where it was", e);
    }
  }
}
