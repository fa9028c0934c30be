package chat.parley.chaos.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the disk forgets what was not fsynced, keeps what was, and fills up. */
class DiskTest {
  @TempDir Path folder;
  private Disk disk;
  private Path file;

  @BeforeEach
  void mount() {
    String missing = Disk.missing().orElse(null);
    assumeTrue(missing == null, () -> "no disk that loses power here: " + missing);
    disk = Disk.mount(folder);
    file = disk.path().resolve("file");
  }

  @AfterEach
  void unmount() {
    if (disk != null) {
      disk.close();
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static byte[] filled(int length, char with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  private static void write(FileChannel channel, long at, int length, char with)
      throws IOException {
    channel.write(ByteBuffer.wrap(filled(length, with)), at);
  }

  private static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
  }

  private void writeAndSync(String text) throws IOException {
    write(text);
    try (FileChannel channel = open(file)) {
      channel.force(true);
    }
  }

  @Test
  void whatWasNotSyncedIsGoneAndWhatWasStays() throws IOException {
    try (FileChannel channel = open(file)) {
      write(channel, 0, 6000, 'a');
      channel.force(false);
      write(channel, 100, 3, 'b');
      write(channel, 6000, 6000, 'c');
      assertThat(Files.size(file)).isEqualTo(12_000);

      disk.cut(List.of());

      assertThat(Files.readAllBytes(file)).isEqualTo(filled(6000, 'a'));
      assertThatThrownBy(() -> write(channel, 0, 1, 'd'))
          .as("a file that was open before")
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void truncationIsGoneUnlessSynced() throws IOException {
    writeAndSync("before the cut");
    try (FileChannel channel = open(file)) {
      channel.truncate(6);
      disk.cut(List.of());
    }
    assertThat(file).hasContent("before the cut");
    try (FileChannel channel = open(file)) {
      channel.truncate(6);
      channel.force(true);
    }
    disk.cut(List.of());
    assertThat(file).hasContent("before");
  }

  @Test
  void namesAreForgottenInReverseOrder() throws IOException {
    writeAndSync("old");
    Path fresh = disk.path().resolve("folder/fresh");
    Files.createDirectory(fresh.getParent());
    Files.writeString(fresh, "new");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    assertThat(file).hasContent("new");
    disk.cut(List.of());
    assertThat(file).hasContent("old");
    assertThat(disk.path().toFile().list()).containsExactly("file");

    Files.delete(file);
    disk.cut(List.of());
    assertThat(file).hasContent("old");

    Files.delete(file);
    syncFolder(disk.path());
    disk.cut(List.of());
    assertThat(disk.path()).isEmptyDirectory();
  }

  @Test
  void renamedFileMayBeThereWithoutItsBytes() throws IOException {
    writeAndSync("old");
    Path fresh = disk.path().resolve("fresh");
    Files.writeString(fresh, "new");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(disk.path());
    disk.cut(List.of());
    assertThat(file).isEmptyFile();
  }

  @Test
  void nameOfASyncedFileIsThereOnlyOnAForgivingDisk() throws IOException {
    writeAndSync("text");
    disk.cut(List.of());
    assertThat(file).hasContent("text");
    disk.close();
    Path other = Files.createDirectory(folder.resolve("strict"));
    disk = Disk.mount(other, Disk.Option.STRICT_NAMES);
    file = disk.path().resolve("file");
    writeAndSync("text");
    disk.cut(List.of());
    assertThat(disk.path()).isEmptyDirectory();
  }

  @Test
  void anyPartOfWhatWasNotSyncedMayHaveLanded() throws IOException {
    int sectors = 64;
    Set<String> seen = new HashSet<>();
    try (FileChannel channel = open(file)) {
      write(channel, 0, sectors * 512, 'a');
      channel.force(true);
      for (int i = 0; i < sectors; i += 4) {
        write(channel, i * 512L, 4 * 512, 'b');
      }
      for (int seed = 0; seed < 60; seed++) {
        Path image = Files.createDirectory(folder.resolve("image" + seed));
        disk.image(seed, image);
        seen.add(patternOf(Files.readAllBytes(image.resolve("file")), sectors));
      }
    }
    assertThat(seen).contains("a".repeat(sectors), "b".repeat(sectors));
    assertThat(seen).as("torn inside of a write").anyMatch(p -> p.contains("abba"));
    assertThat(seen).as("whole blocks").anyMatch(p -> p.matches("(a{8}|b{8})*") && mixed(p));
    assertThat(seen).as("whole writes").anyMatch(p -> p.matches("(a{4}|b{4})*") && mixed(p));
  }

  private static boolean mixed(String pattern) {
    return pattern.indexOf('a') >= 0 && pattern.indexOf('b') >= 0;
  }

  private static String patternOf(byte[] bytes, int sectors) {
    assertThat(bytes).hasSize(sectors * 512);
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < bytes.length; i += 512) {
      byte[] sector = Arrays.copyOfRange(bytes, i, i + 512);
      assertThat(sector).isEqualTo(filled(512, (char) sector[0]));
      pattern.append((char) sector[0]);
    }
    return pattern.toString();
  }

  @Test
  void imageIsWhatTheCutLeavesThen() throws IOException {
    try (FileChannel channel = open(file)) {
      write(channel, 0, 40_000, 'a');
      channel.force(true);
      write(channel, 10_000, 60_000, 'b');
      Path image = Files.createDirectory(folder.resolve("image"));
      disk.image(11, image);
      disk.cut(11, List.of());
      assertThat(file).hasSameBinaryContentAs(image.resolve("file"));
      assertThat(Files.readAllBytes(file)).isNotEqualTo(filled(40_000, 'a'));
    }
  }

  @Test
  void appendedBytesLandFromTheirBeginningOnUnlessHolesAreWanted() throws IOException {
    assertThat(endsWithHoles()).isZero();
    disk.close();
    Path other = Files.createDirectory(folder.resolve("holes"));
    disk = Disk.mount(other, Disk.Option.HOLES);
    file = disk.path().resolve("file");
    assertThat(endsWithHoles()).isPositive();
  }

  private int endsWithHoles() throws IOException {
    int holes = 0;
    try (FileChannel channel = open(file)) {
      write(channel, 0, 700, 'a');
      channel.force(true);
      write(channel, 700, 50_000, 'a');
      for (int seed = 0; seed < 30; seed++) {
        Path image = Files.createDirectory(file.getParent().resolveSibling("image" + seed));
        disk.image(seed, image);
        byte[] bytes = Files.readAllBytes(image.resolve("file"));
        assertThat(Arrays.copyOf(bytes, 700)).isEqualTo(filled(700, 'a'));
        holes += Arrays.equals(bytes, filled(bytes.length, 'a')) ? 0 : 1;
      }
    }
    return holes;
  }

  @Test
  void fullDiskTakesWhatFitsAndNoMoreUntilThereIsRoom() throws IOException {
    try (FileChannel channel = open(file)) {
      write(channel, 0, 5000, 'a');
      disk.full(100);
      assertThat(channel.write(ByteBuffer.wrap(filled(300, 'b')), 5000)).isEqualTo(100);
      assertThatThrownBy(() -> write(channel, 5100, 300, 'b'))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");
      write(channel, 0, 5100, 'c');
      assertThatThrownBy(() -> Files.createFile(disk.path().resolve("another")))
          .isInstanceOf(FileSystemException.class);
      assertThat(Files.getFileStore(file).getUsableSpace()).isZero();
      disk.room();
      write(channel, 5100, 300, 'b');
    }
    assertThat(Files.size(file)).isEqualTo(5400);
  }

  @Test
  void processesEndAtTheMomentOfTheCut() throws Exception {
    Process writer =
        new ProcessBuilder("sh", "-c", "while :; do echo line >> " + file + "; done").start();
    while (!Files.exists(file) || Files.size(file) < 50) {
      Thread.onSpinWait();
    }
    disk.cut(List.of(writer.toHandle()));
    assertThat(writer.onExit().orTimeout(20, TimeUnit.SECONDS).join().exitValue()).isEqualTo(137);
    assertThat(disk.path()).isEmptyDirectory();
  }

  @Test
  void nothingIsMountedWhenTheDiskIsClosedOrItsProgramIsKilled() throws IOException {
    writeAndSync("text");
    disk.close();
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(folder.toString());
    assertThat(folder.resolve("behind/file")).hasContent("text");
    disk = Disk.mount(folder);
    ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("parley-disk"))
        .forEach(ProcessHandle::destroyForcibly);
    disk.close();
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(folder.toString());
  }
}
