package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chat.parley.chaos.disk.Disk;
import chat.parley.proto.ChatMessage;
import chat.parley.stores.PushQueue;
import chat.parley.stores.jdbc.ChildJvm;
import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was accepted is in Redis after a power cut, and it starts by itself. {@code -Dparley.cuts=N
 * -Dparley.seed=S} for more cuts, and for others.
 */
class RedisPowerCutTest {
  private static final int CUTS = Integer.getInteger("parley.cuts", 8);
  private static final long SEED = Long.getLong("parley.seed", 20);
  private static final int RESTARTS = Math.max(1, CUTS / 20);
  private static final int LOOKED_AT = 3_000;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final SplittableRandom random = new SplittableRandom(SEED);
  private long acknowledged;
  private Disk disk;

  @AfterEach
  void unmount() {
    if (disk != null) {
      disk.close();
    }
    await(vertx.close());
  }

  @Test
  void acceptedMessagesAreThereAfterAPowerCut() throws IOException {
    cut(true);
  }

  /** What was not acknowledged may be there in part then: Redis has no checksums. */
  @Test
  void acceptedMessagesAreThereAlsoWhenTheFileEndsInZeros() throws IOException {
    cut(false, Disk.Option.HOLES);
  }

  private void cut(boolean wholeToTheEnd, Disk.Option... options) throws IOException {
    String missing = Disk.missing().orElse(null);
    assumeTrue(missing == null, () -> "no disk that loses power here: " + missing);
    disk = Disk.mount(folder, options);
    int cuts = 0;
    for (int restart = 0; restart < RESTARTS; restart++) {
      try (ChildJvm writer = new ChildJvm(AcceptingWriter.class, disk.path().toString())) {
        ProcessHandle redis = ProcessHandle.of(Long.parseLong(writer.line())).orElseThrow();
        hear(writer, 2);
        for (int n = 1; n < CUTS / RESTARTS; n++) {
          hear(writer, random.nextInt(10));
          lookAtCut(++cuts, wholeToTheEnd);
        }
        hear(writer, 1 + random.nextInt(20));
        String lost = disk.cut(random.nextLong(), List.of(writer.handle(), redis));
        assertHoldsWhatWasAccepted(disk.path(), wholeToTheEnd, describe(++cuts, lost));
      }
    }
  }

  private static String describe(int cut, String lost) {
    return "cut %d, seed %d: %s".formatted(cut, SEED, lost);
  }

  /** What the writer has said up to now, and so many lines more. */
  private void hear(ChildJvm writer, int lines) throws IOException {
    for (int n = 0; n < lines || writer.hasSaid(); n++) {
      String line = writer.line();
      assertThat(line).as("what the writer says").isNotNull();
      acknowledged = Long.parseLong(line);
    }
  }

  private void lookAtCut(int cut, boolean wholeToTheEnd) throws IOException {
    Path image = Files.createDirectory(folder.resolve("image" + cut));
    String lost = disk.image(random.nextLong(), image);
    // Nobody survives a power cut. The writer does, and would be thought to need this Redis too.
    delete(image.resolve("redis/users"));
    assertHoldsWhatWasAccepted(image, wholeToTheEnd, describe(cut, lost));
    delete(image);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private void assertHoldsWhatWasAccepted(Path data, boolean wholeToTheEnd, String cut) {
    try (EmbeddedRedis redis = EmbeddedRedis.start(data)) {
      RedisStores stores = await(RedisStores.open(vertx, AcceptingWriter.config(data)));
      PushQueue queue = AcceptingWriter.queueOf(stores);
      long depth = await(queue.depth(0));
      assertThat(depth).as(cut).isGreaterThanOrEqualTo(acknowledged);
      long from = Math.max(0, acknowledged - LOOKED_AT);
      List<Long> seqs =
          await(queue.read(0, from, 2 * LOOKED_AT)).messages().stream()
              .map(ChatMessage::getSeq)
              .toList();
      long last = wholeToTheEnd ? depth : acknowledged;
      assertThat(seqs.subList(0, (int) (last - from)))
          .as(cut)
          .isEqualTo(LongStream.rangeClosed(from + 1, last).boxed().toList());
      ChatMessage next = ChatMessage.newBuilder().setConversation(AcceptingWriter.ROOM).build();
      if (wholeToTheEnd) {
        assertThat(await(queue.accept(next)).ack().getSeq()).as(cut).isEqualTo(depth + 1);
      }
      await(stores.close());
    } catch (RuntimeException e) {
      throw new AssertionError(cut, e);
    }
  }
}
