package chat.parley.stores.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.h2.mvstore.DataUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file behind a journal holds after kills, and after a journal that is not whole. */
class JournaledFileTest {
  private static final int BLOCK = 4096;

  @TempDir Path folder;
  private FileChannel behind;

  private JournaledFile open() throws IOException {
    Path path = folder.resolve("file");
    behind =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    JournaledFile file = new JournaledFile(path, behind);
    assertThat(file.tryLock()).isNotNull();
    return file;
  }

  /** Leaves everything as a killed process does. */
  private void kill() throws IOException {
    behind.close();
  }

  private static byte[] contentOf(JournaledFile file) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) file.size());
    while (content.hasRemaining() && file.read(content, content.position()) > 0) {
      continue;
    }
    return Arrays.copyOf(content.array(), content.position());
  }

  private static void write(JournaledFile file, long at, String text) throws IOException {
    file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)), at);
  }

  private Path journal() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().contains("journal")).findFirst().orElseThrow();
    }
  }

  @Test
  void isAFileWhateverIsWrittenSyncedCutAndKilled() throws IOException {
    Random random = new Random(20);
    byte[] wanted = new byte[0];
    JournaledFile file = open();
    for (int step = 0; step < 2_000; step++) {
      int at = random.nextInt(Math.min(wanted.length, 200_000) + 5_000);
      switch (random.nextInt(20)) {
        case 0 -> file.force(false);
        case 1 -> {
          file.truncate(at);
          wanted = Arrays.copyOf(wanted, Math.min(at, wanted.length));
        }
        case 2 -> {
          kill();
          file = open();
        }
        default -> {
          byte[] bytes = new byte[1 + random.nextInt(9_000)];
          random.nextBytes(bytes);
          file.write(ByteBuffer.wrap(bytes), at);
          wanted = Arrays.copyOf(wanted, Math.max(wanted.length, at + bytes.length));
          System.arraycopy(bytes, 0, wanted, at, bytes.length);
        }
      }
      assertThat(file.size()).isEqualTo(wanted.length);
      int from = random.nextInt(wanted.length + 1);
      ByteBuffer part = ByteBuffer.allocate(3_000);
      int read = Math.max(0, file.read(part, from));
      assertThat(Arrays.copyOf(part.array(), read))
          .as("step %d", step)
          .isEqualTo(Arrays.copyOfRange(wanted, from, Math.min(from + 3_000, wanted.length)));
    }
    file.close();
    assertThat(Files.readAllBytes(folder.resolve("file"))).isEqualTo(wanted);
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @Test
  void journalEndsAtTheFirstEntryThatIsNotWhole() throws IOException {
    JournaledFile file = open();
    for (String text : List.of("one", "two", "three")) {
      write(file, file.size(), text);
    }
    kill();
    Path journal = journal();
    byte[] entries = Files.readAllBytes(journal);
    int inTheSecond = new String(entries, StandardCharsets.ISO_8859_1).indexOf("two") + 1;
    entries[inTheSecond] ^= 1;
    Files.write(journal, entries);
    assertThat(contentOf(open())).asString().isEqualTo("one");
    kill();
  }

  /** As H2 writes them: the header after the chunk, if at all. */
  @Test
  void headerNamesTheNewestChunkAfterAKill() throws IOException {
    JournaledFile file = open();
    HashMap<String, Object> header = new HashMap<>();
    header.put("H", 2);
    header.put("block", 2);
    header.put("chunk", 1);
    header.put("version", 1);
    header.put("clean", 1);
    StringBuilder text = DataUtils.appendMap(new StringBuilder(), header);
    byte[] summed = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    DataUtils.appendMap(text, "fletcher", DataUtils.getFletcher32(summed, 0, summed.length));
    write(file, 0, text.append(" ".repeat(2 * BLOCK - text.length())).toString());
    write(file, 2 * BLOCK, chunk("chunk:1,len:1,version:1,toc:1"));
    write(file, 4 * BLOCK, chunk("chunk:2,len:1,time:5,version:2,next:3"));
    for (int kills = 0; kills < 2; kills++) {
      kill();
      file = open();
      assertThat(new String(contentOf(file), 0, BLOCK, StandardCharsets.ISO_8859_1))
          .startsWith("H:2,block:4,chunk:2,version:2,fletcher:");
    }
    write(file, 2 * BLOCK, chunk("chunk:3,len:1,version:3"));
    kill();
    assertThat(new String(contentOf(open()), 0, BLOCK, StandardCharsets.ISO_8859_1))
        .startsWith("H:2,block:2,chunk:3,version:3,fletcher:");
    kill();
  }

  private static String chunk(String start) {
    return start + "\n" + "x".repeat(BLOCK - start.length() - 1);
  }

  @Test
  void nothingIsInTheFileThatIsNotSyncedInTheJournal() throws IOException {
    JournaledFile file = open();
    write(file, 0, "synced");
    file.force(false);
    write(file, 0, "later!");
    assertThat(contentOf(file)).asString().isEqualTo("later!");
    assertThat(folder.resolve("file")).hasContent("synced");
    kill();
  }

  @Test
  void afterAnErrorItMustBeOpenedAgain() throws IOException {
    JournaledFile file = open();
    write(file, 0, "synced");
    file.force(false);
    write(file, 6, " and written");
    kill();
    assertThatThrownBy(() -> file.force(false)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> write(file, 0, "x"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must be opened again");
    assertThat(contentOf(open())).asString().isEqualTo("synced and written");
    kill();
  }
}
