package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.retry;

import chat.parley.proto.ChatMessage;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Appends batches of five to a conversation and says each acknowledged seq; halts without any
 * goodbye after the seq that it is told, right after that acknowledgement.
 */
final class Appender {
  private Appender() {}

  public static void main(String[] args) {
    try {
      append(args[0], args[1], Long.parseLong(args[2]));
      Runtime.getRuntime().halt(137);
    } catch (RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void append(String folder, String conversation, long last) {
    JsonObject config = new JsonObject().put("data", folder);
    JdbcStores stores = await(JdbcStores.open(Vertx.vertx(), config));
    for (long seq = 5; seq <= last; seq += 5) {
      List<ChatMessage> batch = Messages.run(conversation, seq - 4, seq);
      // Another process may be the one that holds the file, and halt.
      retry(() -> stores.messages().append(batch));
      System.out.println(seq);
      System.out.flush();
    }
  }
}
