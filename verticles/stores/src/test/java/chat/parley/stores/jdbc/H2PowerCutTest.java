package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.retry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chat.parley.chaos.disk.Disk;
import chat.parley.proto.ChatMessage;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was synced is in the H2 file after a power cut, whole, and nothing of what was not is there
 * in part. {@code -Dparley.cuts=N -Dparley.seed=S} for more cuts, and for others.
 */
class H2PowerCutTest {
  private static final int CUTS = Integer.getInteger("parley.cuts", 10);
  private static final long SEED = Long.getLong("parley.seed", 20);

  /** Of which so many end a process and are begun again upon; the others are looked at. */
  private static final int RESTARTS = Math.max(1, CUTS / 20);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final AtomicLong synced = new AtomicLong();
  private Disk disk;

  @BeforeEach
  void mount() {
    String missing = Disk.missing().orElse(null);
    assumeTrue(missing == null, () -> "no disk that loses power here: " + missing);
    disk = Disk.mount(folder, Disk.Option.HOLES);
  }

  @AfterEach
  void unmount() {
    if (disk != null) {
      disk.close();
    }
    await(vertx.close());
  }

  @Test
  void whatWasSyncedIsThereAfterAPowerCut() throws IOException {
    int cuts = 0;
    for (int restart = 0; restart < RESTARTS; restart++) {
      try (ChildJvm writer = new ChildJvm(SyncedWriter.class, disk.path().toString())) {
        hear(writer, 2);
        for (int n = 1; n < CUTS / RESTARTS; n++) {
          hear(writer, random.nextInt(6));
          lookAtCut(++cuts);
        }
        hear(writer, 1 + random.nextInt(20));
        String lost = disk.cut(random.nextLong(), List.of(writer.handle()));
        assertHoldsWhatWasSynced(disk.path(), "cut %d, seed %d: %s".formatted(++cuts, SEED, lost));
      }
    }
  }

  /** What the writer has said up to now, and so many lines more. */
  private void hear(ChildJvm writer, int lines) throws IOException {
    for (int n = 0; n < lines || writer.hasSaid(); n++) {
      String line = writer.line();
      assertThat(line).as("what the writer says").isNotNull();
      synced.set(Long.parseLong(line));
    }
  }

  private void lookAtCut(int cut) throws IOException {
    Path image = Files.createDirectory(folder.resolve("image" + cut));
    String lost = disk.image(random.nextLong(), image);
    assertHoldsWhatWasSynced(image, "cut %d, seed %d: %s".formatted(cut, SEED, lost));
    try (Stream<Path> files = Files.walk(image)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  /** Without a server for other processes, which costs seconds, and would ask the one that runs. */
  private static JsonObject alone(Path data) {
    String url = "jdbc:h2:file:" + data.resolve("db").resolve("parley");
    return new JsonObject().put("database", new JsonObject().put("url", url));
  }

  private void assertHoldsWhatWasSynced(Path data, String cut) {
    JsonObject config = alone(data);
    List<ChatMessage> messages;
    try {
      // H2 waits for a moment to see whether the process that was killed is still there.
      JdbcStores stores = retry(() -> JdbcStores.open(vertx, config));
      messages = await(stores.messages().after(SyncedWriter.ROOM, 0, 1_000_000));
      await(stores.close());
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(cut, e);
    }
    assertThat(messages).as(cut).isNotEmpty();
    long first = messages.get(0).getSeq();
    for (int i = 0; i < messages.size(); i++) {
      assertThat(messages.get(i).getText())
          .as(cut)
          .isEqualTo(SyncedWriter.message(first + i).getText());
    }
    assertThat(first + messages.size() - 1).as(cut).isGreaterThanOrEqualTo(synced.get());
  }
}
