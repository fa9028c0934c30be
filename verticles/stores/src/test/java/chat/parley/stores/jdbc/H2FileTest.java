package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.retry;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.ChatMessage;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the embedded database keeps when processes die, and that several of them share it. */
class H2FileTest {
  private static final String FOREVER = String.valueOf(Long.MAX_VALUE);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private JdbcStores open() {
    return await(JdbcStores.open(vertx, new JsonObject().put("data", folder.toString())));
  }

  private static void assertHolds(JdbcStores stores, String conversation, long upTo) {
    List<ChatMessage> stored = await(stores.messages().after(conversation, 0, 1_000_000));
    assertThat(stored.size()).isGreaterThanOrEqualTo((int) upTo);
    assertThat(stored.subList(0, (int) upTo)).isEqualTo(Messages.run(conversation, 1, upTo));
  }

  @Test
  void acknowledgedMessagesSurviveAHaltedProcess() {
    try (ChildJvm child = new ChildJvm(Appender.class, folder.toString(), "room:1", "2000")) {
      assertThat(child.exitCode()).isEqualTo(137);
    }

    JdbcStores stores = open();
    assertHolds(stores, "room:1", 2_000);
    await(stores.close());
  }

  @Test
  void severalProcessesStartAtOnceOnOneFile() {
    List<ChildJvm> children =
        IntStream.range(0, 3)
            .mapToObj(i -> new ChildJvm(Appender.class, folder.toString(), "room:" + i, "50"))
            .toList();
    children.forEach(child -> assertThat(child.exitCode()).isEqualTo(137));

    JdbcStores stores = open();
    IntStream.range(0, 3).forEach(i -> assertHolds(stores, "room:" + i, 50));
    await(stores.close());
  }

  @Test
  void processThatOpenedTheFileFirstMayBeKilledWhileOthersUseIt() {
    try (ChildJvm first = new ChildJvm(Appender.class, folder.toString(), "room:1", FOREVER)) {
      assertThat(first.line()).isEqualTo("5");
      JdbcStores stores = open();
      await(stores.messages().append(Messages.run("room:2", 1, 5)));
      String acknowledged = first.line();
      for (int i = 0; i < 50; i++) {
        acknowledged = first.line();
      }

      first.kill();
      retry(() -> stores.messages().append(Messages.run("room:2", 6, 10)));

      assertHolds(stores, "room:1", Long.parseLong(acknowledged));
      assertHolds(stores, "room:2", 10);
      await(stores.close());
    }
  }

  @Test
  void closedFileIsOneThatAnyH2CanOpen() throws Exception {
    JdbcStores stores = open();
    await(stores.messages().append(Messages.run("room:1", 1, 5)));
    Path file = folder.resolve("db/parley");
    assertThat(file.resolveSibling("parley.mv.db.journal.1")).exists();
    await(stores.close());

    assertThat(folder.resolve("db").toFile().list())
        .contains("parley.mv.db")
        .noneMatch(name -> name.contains("journal"));
    try (Connection connection =
            DriverManager.getConnection("jdbc:h2:file:" + file + ";DATABASE_TO_LOWER=TRUE");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM messages")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong(1)).isEqualTo(5);
    }
  }
}
