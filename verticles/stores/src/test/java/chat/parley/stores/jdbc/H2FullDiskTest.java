package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.retry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chat.parley.bus.ChatError;
import chat.parley.chaos.disk.Disk;
import chat.parley.proto.ChatMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The embedded database on a full disk: retryable errors, nothing lost, and well again by itself.
 */
class H2FullDiskTest {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final List<JdbcStores> opened = new ArrayList<>();
  private Disk disk;

  @BeforeEach
  void mount() {
    String missing = Disk.missing().orElse(null);
    assumeTrue(missing == null, () -> "no disk that fills up here: " + missing);
    disk = Disk.mount(folder);
  }

  @AfterEach
  void unmount() {
    opened.forEach(stores -> await(stores.close()));
    if (disk != null) {
      disk.close();
    }
    await(vertx.close());
  }

  private JdbcStores open() {
    JdbcStores stores =
        await(JdbcStores.open(vertx, new JsonObject().put("data", disk.path().toString())));
    opened.add(stores);
    return stores;
  }

  @Test
  void fullDiskIsARetryableErrorAndOverWhenThereIsRoom() {
    // As in one process with several layers: nobody's connections may keep the broken file open.
    JdbcStores one = open();
    JdbcStores other = open();
    List<JdbcStores> all = List.of(one, open(), other, open());
    long seq = 0;
    disk.full(200_000);
    ChatError refused = null;
    while (refused == null) {
      refused = refusal(one.messages().append(Messages.run("room:1", seq + 1, seq + 5)));
      seq += refused == null ? 5 : 0;
    }
    assertThat(refused.retryable()).as("%s: %s", refused, refused.getCause()).isTrue();
    for (int n = 0; n < 2; n++) {
      ChatError again = refusal(other.messages().append(Messages.run("room:2", 1, 5)));
      if (again != null) {
        assertThat(again.retryable()).as("%s: %s", again, again.getCause()).isTrue();
      }
    }
    all.forEach(stores -> refusal(stores.messages().sync()));
    disk.room();
    List<ChatMessage> next = Messages.run("room:1", seq + 1, seq + 5);
    retry(() -> one.messages().append(next));
    seq += 5;
    for (JdbcStores stores : all) {
      retry(() -> stores.messages().sync());
      retry(() -> one.messages().sync());
    }
    retry(() -> other.messages().sync());
    List<ChatMessage> stored = retry(() -> other.messages().after("room:1", 0, 1_000_000));
    assertThat(stored).isEqualTo(Messages.run("room:1", 1, seq));
  }

  /** Null for success. */
  private static ChatError refusal(Future<Void> future) {
    return await(
        future.<ChatError>transform(
            end -> Future.succeededFuture(end.failed() ? ChatError.of(end.cause()) : null)));
  }
}
