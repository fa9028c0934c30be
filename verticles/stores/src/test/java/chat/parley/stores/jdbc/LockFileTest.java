package chat.parley.stores.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.chaos.ports.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** H2's lock is removed when its writer is gone for certain, and left to H2 otherwise. */
class LockFileTest {
  @TempDir Path folder;

  private boolean isLeftAfterALook(String text) throws IOException {
    Path database = folder.resolve("parley");
    Path file = folder.resolve("parley.lock.db");
    Files.writeString(file, text);
    new LockFile(database).removeIfLeftBehind();
    return Files.exists(file);
  }

  @Test
  void itGoesWhenItsServerDoesNotListenAnyMore() throws IOException {
    assertThat(isLeftAfterALook("method=file\nserver=localhost\\:" + Ports.free())).isFalse();
  }

  @Test
  void itStaysWhileItsServerListensEvenIfThatDoesNotAnswer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String server = "localhost\\:" + silent.getLocalPort();
      assertThat(isLeftAfterALook("method=file\nserver=" + server)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "method=file",
        "server=localhost",
        "server=localhost\\:port",
        "server=\\u12",
      })
  void itStaysWhenItTellsNothing(String text) throws IOException {
    assertThat(isLeftAfterALook(text)).isTrue();
  }

  @Test
  void noneIsNoFault() throws IOException {
    new LockFile(folder.resolve("parley")).removeIfLeftBehind();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void itStaysWhileThisProcessHasTheDatabase() throws IOException {
    JournaledPath.register();
    Path database = folder.resolve("parley.mv.db");
    String url = JournaledPath.SCHEME + ":" + database;
    String left = "server=localhost\\:" + Ports.free();
    try (var file = FilePath.get(url).open("rw");
        var lock = file.tryLock()) {
      assertThat(lock.isValid()).isTrue();
      // Its end would give up the lock of the first.
      assertThatThrownBy(() -> FilePath.get(url).open("rw")).hasMessageContaining("is open");
      assertThat(isLeftAfterALook(left)).isTrue();
    }
    assertThat(isLeftAfterALook(left)).isFalse();
  }
}
