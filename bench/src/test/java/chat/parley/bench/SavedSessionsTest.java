package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log-ins outlive a run, and nobody else reads them. */
class SavedSessionsTest {
  private static final Map<String, Account> SESSIONS =
      Map.of(
          "bench-0", new Account("bench-0", "token-0", 7, 0),
          "bench-1#1", new Account("bench-1", "token-1", 8, 21));

  @TempDir Path folder;

  @Test
  void whatWasSavedIsThereInTheNextRun() throws IOException {
    Path file = folder.resolve("sessions.json");
    assertThat(SavedSessions.read(file, true)).isEmpty();
    SavedSessions.write(file, true, Map.of());
    SavedSessions.write(file, true, SESSIONS);
    assertThat(SavedSessions.read(file, true)).isEqualTo(SESSIONS);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void sessionsOfTheOtherApiAreRefusedByName() {
    Path file = folder.resolve("sessions.json");
    SavedSessions.write(file, false, SESSIONS);
    assertThatThrownBy(() -> SavedSessions.read(file, true))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("has no sessions of v2")
        .hasMessageContaining("--sessions");
  }
}
