package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;

import chat.parley.proto.ChatMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Stores messages as a busy server does, and says up to which seq they have been synced. What is
 * old is removed, so that the file's space is used again.
 */
final class SyncedWriter {
  static final String ROOM = "room:1";
  private static final int KEPT = 500;
  private static final long REST_NANOS = 50_000_000;

  private SyncedWriter() {}

  /** The message of a seq; of some bytes or some pages. */
  static ChatMessage message(long seq) {
    int length = new SplittableRandom(seq).nextInt(seq % 50 == 0 ? 8_000 : 300);
    String text = ("text " + seq + " ").repeat(1 + length / 10);
    return Messages.message(ROOM, seq, text).setClientMessageId("id " + seq).build();
  }

  public static void main(String[] args) {
    try {
      String url = "jdbc:h2:file:" + Path.of(args[0], "db", "parley") + ";RETENTION_TIME=0";
      JsonObject database = new JsonObject().put("url", url);
      write(await(JdbcStores.open(Vertx.vertx(), new JsonObject().put("database", database))));
    } catch (RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void write(JdbcStores stores) {
    List<ChatMessage> last = await(stores.messages().before(ROOM, 0, 1));
    long seq = last.isEmpty() ? 0 : last.get(0).getSeq();
    SplittableRandom random = new SplittableRandom();
    Future<Void> syncing = Future.succeededFuture();
    while (true) {
      long to = seq + 1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 3);
      await(stores.messages().append(run(seq + 1, to)));
      seq = to;
      if (syncing.isComplete() && random.nextInt(8) == 0) {
        syncing = stores.messages().sync().onSuccess(done -> say(to));
      }
      if (random.nextInt(40) == 0) {
        LockSupport.parkNanos(REST_NANOS);
        await(stores.messages().removeUpTo(ROOM, seq - KEPT));
      }
    }
  }

  private static List<ChatMessage> run(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(SyncedWriter::message).toList();
  }

  private static void say(long seq) {
    System.out.println(seq);
    System.out.flush();
  }
}
