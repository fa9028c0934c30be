package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;

import chat.parley.proto.ChatMessage;
import chat.parley.stores.PushQueue;
import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Accepts messages into the queue of an embedded Redis as logic does, has its append-only file
 * rewritten now and then, and says the redis-server's process id and then each last acknowledged
 * seq.
 */
final class AcceptingWriter {
  static final String ROOM = "room:1";

  private static final long REST_NANOS = 5_000_000;

  private AcceptingWriter() {}

  static JsonObject config(Path data) {
    return new JsonObject()
        .put("data", data.toString())
        .put("redis", new JsonObject().put("partitions", 1).put("partition-bound", 100_000_000));
  }

  static PushQueue queueOf(RedisStores stores) {
    return stores.pushQueue(conversations -> Future.succeededFuture(Map.of(ROOM, 0L)));
  }

  public static void main(String[] args) {
    try {
      Path data = Path.of(args[0]);
      EmbeddedRedis redis = EmbeddedRedis.start(data);
      say(redis.pid());
      accept(await(RedisStores.open(Vertx.vertx(), config(data))));
    } catch (RuntimeException | AssertionError e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void accept(RedisStores stores) {
    PushQueue queue = queueOf(stores);
    SplittableRandom random = new SplittableRandom();
    while (true) {
      List<Future<PushQueue.Accepted>> acks = new ArrayList<>();
      for (int n = 1 + random.nextInt(40); n > 0; n--) {
        String text = "text ".repeat(random.nextInt(random.nextInt(20) == 0 ? 2_000 : 50));
        acks.add(
            queue.accept(ChatMessage.newBuilder().setConversation(ROOM).setText(text).build()));
      }
      if (random.nextInt(40) == 0) {
        // Refused while one is under way.
        await(stores.link().call("BGREWRITEAOF").otherwiseEmpty());
      }
      acks.forEach(Waiting::await);
      LockSupport.parkNanos(REST_NANOS);
      say(acks.get(acks.size() - 1).result().ack().getSeq());
    }
  }

  private static void say(long number) {
    System.out.println(number);
    System.out.flush();
  }
}
