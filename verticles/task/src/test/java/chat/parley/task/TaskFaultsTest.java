package chat.parley.task;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import chat.parley.chaos.ports.Ports;
import chat.parley.proto.ChatMessage;
import chat.parley.stores.PushQueue;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskFaultsTest {
  private static final int ROOMS = 8;

  @TempDir Path folder;

  @Test
  void processKilledBetweenReadingAndDeliveringLosesNothing() {
    JsonObject task = new JsonObject().put("poll", "5ms").put("batch", 50);
    try (TaskMesh mesh = new TaskMesh(folder, task, new JsonObject())) {
      String nodeId = mesh.subscribedNode(rooms());
      List<String> arrived;
      try (TaskProcess killed = new TaskProcess(folder, mesh.config, nodeId)) {
        var acknowledged = mesh.sendAll(messages(312 * ROOMS));
        Await.until("the first worker delivers", () -> killed.deliveries().size() > 500);
        acknowledged = acknowledged.compose(v -> mesh.sendAll(messages(313 * ROOMS)));
        killed.kill();
        arrived = new ArrayList<>(killed.deliveries());
        RecordingNode node = new RecordingNode(mesh.vertx, nodeId);
        mesh.deploy(1);
        Await.get(acknowledged);
        mesh.untilAllIsTrimmed();
        addTo(arrived, node);
      }

      assertStoredOnceAndDeliveredInOrder(mesh, arrived, 625);
    }
  }

  @Test
  void workerStoppedForLongerThanItsLeaseNeitherLosesNorReorders() {
    JsonObject task = new JsonObject().put("poll", "5ms").put("batch", 50);
    try (TaskMesh mesh = new TaskMesh(folder, task, new JsonObject())) {
      String nodeId = mesh.subscribedNode(rooms());
      try (TaskProcess paused = new TaskProcess(folder, mesh.config, nodeId)) {
        Await.get(mesh.sendAll(messages(800)));
        Await.until("the worker delivers", () -> paused.deliveries().size() > 100);
        paused.pause();
        RecordingNode node = new RecordingNode(mesh.vertx, nodeId);
        mesh.deploy(1);
        Await.get(mesh.sendAll(messages(800)));
        mesh.untilAllIsTrimmed();
        List<String> arrived = new ArrayList<>(paused.deliveries());
        addTo(arrived, node);
        assertStoredOnceAndDeliveredInOrder(mesh, arrived, 1_600 / ROOMS);

        paused.resume();
        Await.until("both share the partitions", () -> owners(mesh) == 2);
        Await.get(mesh.sendAll(messages(800)));
        mesh.untilAllIsTrimmed();
        for (String room : rooms()) {
          assertThat(mesh.storedSeqs(room)).isEqualTo(Messages.seqs(2_400 / ROOMS));
        }
      }
    }
  }

  @Test
  void workerWhoseLeaseIsGoneCannotTrimAndStops() {
    try (TaskMesh mesh = new TaskMesh(folder)) {
      RecordingNode node = mesh.node("room:1");
      mesh.deploy(1);
      int partition = Conversations.partitionOf("room:1", TaskMesh.PARTITIONS);

      PushQueue.Lease thief = mesh.giveLeaseTo("another/0", partition);
      Await.get(mesh.send(Messages.inRoom(1, "for the new owner")));
      Await.until(
          "the old owner has noticed", () -> mesh.partitionsHere() == TaskMesh.PARTITIONS - 1);

      assertThat(Await.get(mesh.queue.depth(partition))).isEqualTo(1);
      assertThat(Await.get(mesh.queue.read(partition, 0, 10)).messages()).hasSize(1);

      Await.get(mesh.partitions.release(thief));
      mesh.untilAllIsTrimmed();
      assertThat(mesh.partitionsHere()).isEqualTo(TaskMesh.PARTITIONS);
      assertThat(node.seqsOf("room:1")).contains(1L);
      assertThat(mesh.storedSeqs("room:1")).containsExactly(1L);
    }
  }

  @Test
  void silentNodeDelaysNobodyElseAndHoldsBoundedMemory() {
    JsonObject task =
        new JsonObject()
            .put("delivery-deadline", "300ms")
            .put("batch", 100)
            .put("node-queue-entries", 1_000);
    try (TaskMesh mesh = new TaskMesh(folder, task, new JsonObject())) {
      RecordingNode silent = mesh.node(rooms()).silent();
      RecordingNode healthy = mesh.node(rooms());
      mesh.subscribedNode(rooms());
      mesh.deploy(1);

      Await.get(mesh.sendAll(messages(4_000)));

      Await.until("the others have all", () -> healthy.total() >= 4_000);
      assertThat(silent.total()).isZero();
      for (String room : rooms()) {
        assertThat(healthy.seqsOf(room)).isEqualTo(Messages.seqs(4_000 / ROOMS));
      }
      mesh.untilAllIsTrimmed();

      silent.speak();
      Await.get(mesh.sendAll(messages(ROOMS)));
      Await.until("it is heard again", () -> silent.total() > 0);
    }
  }

  @Test
  void whatIsReadAndNotTrimmedIsBounded() {
    int bound = 100;
    JsonObject task =
        new JsonObject()
            .put("max-unsettled", bound)
            .put("batch", bound / 2)
            .put("delivery-deadline", "50ms");
    try (TaskMesh mesh = new TaskMesh(folder, task, new JsonObject())) {
      mesh.node("room:1").silent();
      int all = 1_000;
      Await.get(
          mesh.sendAll(
              IntStream.range(0, all).mapToObj(i -> Messages.inRoom(1, "text " + i)).toList()));
      mesh.deploy(1);

      Await.until(
          "the queue is empty",
          () -> {
            int stored = mesh.storedSeqs("room:1").size();
            long waiting = mesh.waiting();
            assertThat(stored).isLessThan((int) (all - waiting) + bound + bound / 2);
            return waiting == 0;
          });
      assertThat(mesh.storedSeqs("room:1")).isEqualTo(Messages.seqs(all));
    }
  }

  @Test
  void storeAwayForAWhileLosesNothing() throws SQLException {
    int port = Ports.free();
    Server store = startStore(port);
    JsonObject database =
        new JsonObject()
            .put("url", "jdbc:h2:tcp://127.0.0.1:" + port + "/./parley")
            .put("deadline", "1s");
    try (TaskMesh mesh = new TaskMesh(folder, new JsonObject(), database)) {
      RecordingNode node = mesh.node(rooms());
      mesh.deploy(1);
      Await.get(mesh.sendAll(messages(400)));
      Await.until("it flows", () -> node.total() >= 400);

      store.stop();
      Await.get(mesh.sendAll(messages(400)));
      assertThat(mesh.waiting()).isGreaterThanOrEqualTo(400);
      store = startStore(port);

      mesh.untilAllIsTrimmed();
      for (String room : rooms()) {
        assertThat(mesh.storedSeqs(room)).isEqualTo(Messages.seqs(800 / ROOMS));
        assertThat(node.seqsOf(room)).isEqualTo(Messages.seqs(800 / ROOMS));
      }
    } finally {
      store.stop();
    }
  }

  @Test
  void batchThatTheStoreRefusesStopsNoOtherPartition() throws SQLException {
    try (TaskMesh mesh = new TaskMesh(folder);
        Connection database = DriverManager.getConnection(h2Address())) {
      RecordingNode node = mesh.node(rooms());
      mesh.deploy(1);
      execute(database, "ALTER TABLE messages ADD CONSTRAINT refused CHECK (v1_room_id <> 666)");

      ChatMessage refused = Messages.inRoom(1, "refused").toBuilder().setV1RoomId(666).build();
      Await.get(mesh.send(refused));
      Await.get(mesh.sendAll(messages(400)));

      Await.until("the other partitions go on", () -> node.total() >= 400 / ROOMS * othersThan(1));
      assertThat(node.seqsOf("room:1")).isEmpty();

      execute(database, "ALTER TABLE messages DROP CONSTRAINT refused");
      mesh.untilAllIsTrimmed();
      assertThat(node.total()).isEqualTo(401);
      assertThat(node.seqsOf("room:1")).isEqualTo(Messages.seqs(400 / ROOMS + 1));
    }
  }

  private String h2Address() {
    return "jdbc:h2:file:"
        + folder.resolve("db").resolve("parley")
        + ";AUTO_SERVER=TRUE;WRITE_DELAY=0;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** How many rooms are in another partition than this one. */
  private static long othersThan(int room) {
    int partition = Conversations.partitionOf("room:" + room, TaskMesh.PARTITIONS);
    return Stream.of(rooms())
        .filter(other -> Conversations.partitionOf(other, TaskMesh.PARTITIONS) != partition)
        .count();
  }

  @Test
  void redisKilledAndStartedAgainLosesNothing() {
    try (TaskMesh mesh = new TaskMesh(folder)) {
      RecordingNode node = mesh.node(rooms());
      mesh.deploy(1);
      Await.get(mesh.sendAll(messages(400)));

      mesh.redisServer.kill();
      mesh.redisServer.start();

      Await.until("all is delivered", () -> node.total() >= 400);
      mesh.untilRedisAnswers();
      Await.get(mesh.sendAll(messages(400)));
      mesh.untilAllIsTrimmed();
      List<String> arrived = new ArrayList<>();
      addTo(arrived, node);
      assertStoredOnceAndDeliveredInOrder(mesh, arrived, 800 / ROOMS);
    }
  }

  private Server startStore(int port) throws SQLException {
    return Server.createTcpServer(
            "-tcpPort", "" + port, "-ifNotExists", "-baseDir", folder.toString())
        .start();
  }

  private static String[] rooms() {
    return IntStream.rangeClosed(1, ROOMS).mapToObj(Conversations::ofRoom).toArray(String[]::new);
  }

  /** So many, spread evenly over the rooms. */
  private static List<ChatMessage> messages(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Messages.inRoom(1 + i % ROOMS, "text " + i))
        .toList();
  }

  private static long owners(TaskMesh mesh) {
    return IntStream.range(0, TaskMesh.PARTITIONS).mapToObj(mesh::ownerOf).distinct().count();
  }

  private static void addTo(List<String> arrived, RecordingNode node) {
    for (String room : rooms()) {
      node.seqsOf(room).forEach(seq -> arrived.add(room + " " + seq));
    }
  }

  private static void assertStoredOnceAndDeliveredInOrder(
      TaskMesh mesh, List<String> arrived, int each) {
    Map<String, List<Long>> delivered = new HashMap<>();
    for (String line : arrived) {
      String room = line.substring(0, line.indexOf(' '));
      long seq = Long.parseLong(line.substring(room.length() + 1));
      List<Long> seqs = delivered.computeIfAbsent(room, r -> new ArrayList<>());
      // A repeat, which a receiver drops by seq.
      if (seqs.isEmpty() || seq > seqs.get(seqs.size() - 1)) {
        seqs.add(seq);
      }
    }
    for (String room : rooms()) {
      assertThat(delivered.get(room)).isEqualTo(Messages.seqs(each));
      assertThat(mesh.storedSeqs(room)).isEqualTo(Messages.seqs(each));
    }
  }
}
