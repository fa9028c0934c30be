package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs last: what all processes of all tests printed is searched for what they were told. */
@Tag("after-all-others")
class LogsKeepSecretsTest {

  /** gochat 13. */
  @Test
  void noTokenPasswordSecretOrMessageTextIsInAnyLog() throws IOException {
    Set<String> secrets = Secrets.all();
    assertThat(secrets).as("what the tests remembered").isNotEmpty();
    List<String> found = new ArrayList<>();
    try (Stream<Path> logs = Files.list(Path.of(System.getProperty("parley.logs")))) {
      for (Path log : logs.toList()) {
        String text = Files.readString(log);
        secrets.stream()
            .filter(text::contains)
            .forEach(s -> found.add(log.getFileName() + ": " + s));
      }
    }
    assertThat(found).isEmpty();
  }
}
