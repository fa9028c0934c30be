package chat.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.proto.v2.Send;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateTest extends ClientFixture {
  @TempDir Path folder;

  private static Unsent unsent(String id) {
    return new Unsent(id, "room:7", "text\nof " + id, Instant.ofEpochMilli(1_700_000_000_000L));
  }

  @Test
  void everythingIsThereAgain() {
    Login login = new Login("secret", 3, "demo", 70);
    try (FileState state = FileState.in(folder)) {
      state.saveLogin(login);
      state.saveCursors(Map.of("room:7", 12L, "direct:3:9", 4L));
      state.addUnsent(List.of(unsent("a"), unsent("b")));
      state.addUnsent(List.of(unsent("c")));
      state.removeUnsent(List.of("b"));
    }
    try (FileState state = FileState.in(folder)) {
      assertThat(state.login()).contains(login);
      assertThat(state.cursors()).isEqualTo(Map.of("room:7", 12L, "direct:3:9", 4L));
      assertThat(state.outbox()).containsExactly(unsent("a"), unsent("c"));
    }
  }

  @Test
  void folderBelongsToOneClient() {
    try (FileState state = FileState.in(folder)) {
      assertThatThrownBy(() -> FileState.in(folder))
          .isInstanceOf(ParleyException.class)
          .hasMessageContaining("another client uses the state in " + folder);
      assertThat(state.outbox()).isEmpty();
    }
  }

  @Test
  void halfWrittenLineIsDroppedAndTheRestIsKept() throws Exception {
    try (FileState state = FileState.in(folder)) {
      state.addUnsent(List.of(unsent("a")));
    }
    Files.writeString(
        folder.resolve("outbox.log"), "{\"id\":\"b\",\"tar", StandardOpenOption.APPEND);
    try (FileState state = FileState.in(folder)) {
      assertThat(state.outbox()).containsExactly(unsent("a"));
      state.addUnsent(List.of(unsent("c")));
    }
    try (FileState state = FileState.in(folder)) {
      assertThat(state.outbox()).containsExactly(unsent("a"), unsent("c"));
    }
  }

  @Test
  void logDoesNotGrowWithWhatIsDone() throws Exception {
    try (FileState state = FileState.in(folder)) {
      for (int i = 0; i < 2_000; i++) {
        Unsent message = new Unsent("id" + i, "room:7", "x".repeat(200), Instant.EPOCH);
        state.addUnsent(List.of(message));
        state.removeUnsent(List.of("id" + i));
      }
      assertThat(Files.size(folder.resolve("outbox.log"))).isLessThan(300_000);
    }
  }

  @Test
  void killedProcessesMessagesAreSentByTheNext() throws Exception {
    peer.welcome =
        peer.welcome.toBuilder()
            .setLimits(peer.welcome.getLimits().toBuilder().setMaxInFlight(200))
            .build();
    Process sender =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Sender.class.getName(),
                peer.address().toString(),
                folder.toString())
            .inheritIO()
            .start();
    List<String> ids = new ArrayList<>();
    Peer.Connection connection = peer.acceptAndWelcome();
    for (int i = 0; i < 100; i++) {
      Send send = connection.expectSend();
      assertThat(send.getText()).isEqualTo("m" + i);
      ids.add(send.getClientMessageId());
    }
    sender.destroyForcibly().waitFor();

    started(described(peer.address()).state(FileState.in(folder)));
    Peer.Connection next = peer.acceptAndWelcome();
    for (int i = 0; i < 100; i++) {
      Send send = next.expectSend();
      assertThat(send.getClientMessageId()).isEqualTo(ids.get(i));
      assertThat(send.getResend()).isTrue();
    }
  }
}
