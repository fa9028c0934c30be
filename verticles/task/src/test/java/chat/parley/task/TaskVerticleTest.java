package chat.parley.task;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.ChatMessage;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskVerticleTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyAcceptedMessageIsStoredAndDeliveredOnceAndInOrder(TaskMesh.Waking waking) {
    int rooms = 30;
    int each = 100;
    try (TaskMesh mesh = new TaskMesh(folder).waking(waking)) {
      String[] topics =
          IntStream.rangeClosed(1, rooms).mapToObj(Conversations::ofRoom).toArray(String[]::new);
      RecordingNode node = mesh.node(topics);
      RecordingNode other = mesh.node(topics[0]);
      mesh.deploy(2);

      List<ChatMessage> all = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        for (int room = 1; room <= rooms; room++) {
          all.add(Messages.inRoom(room, "text " + i));
        }
      }
      Await.get(mesh.sendAll(all));

      Await.until("all is delivered", () -> node.total() >= rooms * each);
      mesh.untilAllIsTrimmed();
      for (String topic : topics) {
        assertThat(node.seqsOf(topic)).isEqualTo(Messages.seqs(each));
        assertThat(mesh.storedSeqs(topic)).isEqualTo(Messages.seqs(each));
        assertThat(node.messagesOf(topic)).isEqualTo(mesh.stored(topic));
      }
      assertThat(other.seqsOf(topics[0])).isEqualTo(Messages.seqs(each));
      assertThat(other.total()).isEqualTo(each);
    }
  }

  @Test
  void aDirectMessageReachesBothUsersAndOneToOneselfArrivesOnce() {
    try (TaskMesh mesh = new TaskMesh(folder)) {
      RecordingNode node = mesh.node("user:3", "user:9");
      mesh.deploy(1);

      Await.get(mesh.send(Messages.direct(9, 3, "to another")));
      Await.get(mesh.send(Messages.direct(9, 9, "to oneself")));

      Await.until("all is delivered", () -> node.total() >= 3);
      mesh.untilAllIsTrimmed();
      assertThat(node.messagesOf("user:3")).extracting("text").containsExactly("to another");
      assertThat(node.messagesOf("user:9"))
          .extracting("text")
          .containsExactlyInAnyOrder("to another", "to oneself");
      assertThat(mesh.storedSeqs("direct:3:9")).containsExactly(1L);
    }
  }

  @Test
  void whatAWakeUpBringsIsNotReadFromTheQueue() {
    JsonObject task = new JsonObject().put("poll", "1h");
    try (TaskMesh mesh = new TaskMesh(folder, task, new JsonObject())) {
      RecordingNode node = mesh.node("room:1");
      mesh.deploy(1);
      Await.get(mesh.waking(TaskMesh.Waking.EMPTY).send(Messages.inRoom(1, "read")));
      Await.until("the worker has read", () -> node.total() == 1);
      long reads = mesh.calls("lrange");

      mesh.waking(TaskMesh.Waking.BRINGING);
      for (int sent = 2; sent <= 20; sent++) {
        int all = sent;
        Await.get(mesh.send(Messages.inRoom(1, "brought " + sent)));
        Await.until("it is delivered", () -> node.total() == all);
      }

      mesh.untilAllIsTrimmed();
      assertThat(reads).isPositive();
      assertThat(mesh.calls("lrange")).isEqualTo(reads);
      assertThat(node.messagesOf("room:1")).isEqualTo(mesh.stored("room:1"));
      assertThat(mesh.storedSeqs("room:1")).isEqualTo(Messages.seqs(20));
    }
  }

  @Test
  void aGapInWhatWakeUpsBringIsReadFromTheQueue() {
    JsonObject task = new JsonObject().put("poll", "1h");
    try (TaskMesh mesh = new TaskMesh(folder, task, new JsonObject())) {
      RecordingNode node = mesh.node("room:1");
      mesh.deploy(1);
      Await.get(mesh.send(Messages.inRoom(1, "first")));
      Await.until("it is delivered", () -> node.total() == 1);

      Await.get(mesh.queue.accept(Messages.inRoom(1, "nobody was woken for this")));
      Await.get(mesh.send(Messages.inRoom(1, "behind it")));

      Await.until("both are delivered", () -> node.total() == 3);
      assertThat(node.seqsOf("room:1")).isEqualTo(Messages.seqs(3));
    }
  }

  /** The positions of the new queue begin anew, so they are ones that the worker has behind it. */
  @Test
  void aQueueThatWasLostIsFoundThoughWakeUpsBringWhatIsInTheNewOne() {
    try (TaskMesh mesh = new TaskMesh(folder)) {
      RecordingNode node = mesh.node("room:1");
      mesh.deploy(1);
      Await.get(
          mesh.sendAll(
              IntStream.range(0, 500).mapToObj(i -> Messages.inRoom(1, "text " + i)).toList()));
      mesh.untilAllIsTrimmed();

      mesh.loseQueues();
      Await.until(
          "it is delivered",
          () -> {
            Await.get(mesh.send(Messages.inRoom(1, "in the new queue")));
            return node.messagesOf("room:1").size() > 500;
          });
      assertThat(node.seqsOf("room:1").subList(500, 501)).containsExactly(501L);
    }
  }

  @Test
  void aLostWakeUpCostsOnlyThePoll() {
    try (TaskMesh mesh = new TaskMesh(folder)) {
      RecordingNode node = mesh.node("room:1");
      mesh.deploy(1);

      Await.get(mesh.queue.accept(Messages.inRoom(1, "nobody was woken for this")));

      Await.until("it is delivered", () -> node.total() == 1);
    }
  }

  @Test
  void whatComesWhileADeliveryIsUnderWayIsReadTogetherBehindIt() {
    JsonObject task = new JsonObject().put("gather", "1h").put("delivery-deadline", "80s");
    try (TaskMesh mesh = new TaskMesh(folder, task, new JsonObject())) {
      RecordingNode node = mesh.node("room:1").silent();
      mesh.deploy(1);
      Await.get(mesh.send(Messages.inRoom(1, "under way")));
      Await.until("a delivery is under way", () -> node.requests() == 1);

      Await.get(
          mesh.sendAll(
              IntStream.range(0, 300).mapToObj(i -> Messages.inRoom(1, "text " + i)).toList()));

      assertThat(mesh.storedSeqs("room:1")).containsExactly(1L);
      node.answerLate();
      Await.until("all is delivered", () -> node.total() >= 301);
      assertThat(node.seqsOf("room:1")).isEqualTo(Messages.seqs(301));
      assertThat(node.requests()).isEqualTo(2);
    }
  }

  @Test
  void aNodeThatIsSilentHoldsBackTheNextBatchForAMomentOnly() {
    JsonObject task = new JsonObject().put("delivery-deadline", "80s");
    try (TaskMesh mesh = new TaskMesh(folder, task, new JsonObject())) {
      RecordingNode silent = mesh.node("room:1").silent();
      RecordingNode other = mesh.node("room:1");
      mesh.deploy(1);
      for (int sent = 1; sent <= 20; sent++) {
        int all = sent;
        Await.get(mesh.send(Messages.inRoom(1, "text " + sent)));
        Await.until("the other node has it", () -> other.total() == all);
      }
      assertThat(silent.requests()).isEqualTo(1);
      silent.answerLate();
      Await.until("it has all too", () -> silent.total() == 20);
    }
  }

  @Test
  void whatWasAcceptedBeforeAnyWorkerLivedIsDeliveredToo() {
    try (TaskMesh mesh = new TaskMesh(folder)) {
      RecordingNode node = mesh.node("room:1");
      Await.get(
          mesh.sendAll(
              IntStream.range(0, 1_200).mapToObj(i -> Messages.inRoom(1, "early " + i)).toList()));

      mesh.deploy(1);

      Await.until("all is delivered", () -> node.total() >= 1_200);
      assertThat(node.seqsOf("room:1")).isEqualTo(Messages.seqs(1_200));
    }
  }

  @Test
  void instancesShareThePartitionsAndOneThatLeavesHandsOver() {
    try (TaskMesh mesh = new TaskMesh(folder)) {
      RecordingNode node = mesh.node("room:1", "room:2", "room:3", "room:4");
      String first = mesh.deploy(1);
      assertThat(mesh.partitionsHere()).isEqualTo(TaskMesh.PARTITIONS);

      mesh.deploy(1);
      Await.until("the partitions are shared", () -> owners(mesh) == 2);
      Await.get(mesh.vertx.undeploy(first));
      List<ChatMessage> all = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        all.add(Messages.inRoom(1 + i % 4, "text " + i));
      }
      Await.get(mesh.sendAll(all));

      Await.until("all is delivered", () -> node.total() >= 400);
      for (int room = 1; room <= 4; room++) {
        assertThat(node.seqsOf("room:" + room)).isEqualTo(Messages.seqs(100));
      }
      Await.until("one owns all", () -> mesh.partitionsHere() == TaskMesh.PARTITIONS);
      assertThat(owners(mesh)).isEqualTo(1);
    }
  }

  /** Nothing here waits for the end of a lease, nor for the partition that takes longest. */
  @Test
  void whatIsGivenBackIsTakenOverWhileAnotherPartitionStillDrains() {
    JsonObject task = new JsonObject().put("drain", "80s").put("delivery-deadline", "80s");
    try (TaskMesh mesh = new TaskMesh(folder, task, new JsonObject())) {
      mesh.config.getJsonObject("redis").put("partition-lease", "1h");
      RecordingNode node = mesh.node("room:1").silent();
      String first = mesh.deploy(1);
      String leaving = mesh.ownerOf(0);
      Await.get(mesh.send(Messages.inRoom(1, "under way")));
      Await.until("a delivery is under way", () -> node.requests() == 1);
      mesh.deploy(1);

      Future<Void> stopped = mesh.vertx.undeploy(first);

      int others = TaskMesh.PARTITIONS - 1;
      Await.until("the others are taken over", () -> takenOverFrom(mesh, leaving) == others);
      assertThat(stopped.isComplete()).isFalse();
      node.answerLate();
      Await.get(stopped);
      Await.until("all are", () -> takenOverFrom(mesh, leaving) == TaskMesh.PARTITIONS);
      assertThat(node.seqsOf("room:1")).containsExactly(1L);
    }
  }

  private static long takenOverFrom(TaskMesh mesh, String worker) {
    return IntStream.range(0, TaskMesh.PARTITIONS)
        .mapToObj(mesh::ownerOf)
        .filter(owner -> owner != null && !owner.equals(worker))
        .count();
  }

  private static long owners(TaskMesh mesh) {
    return IntStream.range(0, TaskMesh.PARTITIONS).mapToObj(mesh::ownerOf).distinct().count();
  }

  @Test
  void processThatEndsHasStoredDeliveredAndTrimmedWhatItReadAndGivesItsLeasesBack() {
    try (TaskMesh mesh = new TaskMesh(folder)) {
      String nodeId = mesh.subscribedNode("room:1");
      Vertx process = Vertx.vertx();
      ProtoCodec.install(process);
      RecordingNode node = new RecordingNode(process, nodeId);
      Await.get(
          process.deployVerticle(
              "chat.parley.task.TaskVerticle",
              new DeploymentOptions().setInstances(2).setConfig(mesh.config)));
      Await.get(
          mesh.sendAll(
              IntStream.range(0, 500).mapToObj(i -> Messages.inRoom(1, "text " + i)).toList()));
      Await.until("it delivers", () -> node.total() > 0);

      Await.get(process.close());

      assertThat(IntStream.range(0, TaskMesh.PARTITIONS).mapToObj(mesh::ownerOf))
          .containsOnlyNulls();
      int delivered = node.total();
      assertThat(mesh.waiting()).isEqualTo(500 - delivered);
      assertThat(node.seqsOf("room:1")).isEqualTo(Messages.seqs(delivered));
      assertThat(mesh.storedSeqs("room:1")).isEqualTo(Messages.seqs(delivered));
    }
  }

  @Test
  void roomKeepsItsNewestMessages() {
    try (TaskMesh mesh =
        new TaskMesh(folder, new JsonObject().put("room-history", 100), new JsonObject())) {
      String first = mesh.deploy(1);
      Await.get(
          mesh.sendAll(
              IntStream.range(0, 900).mapToObj(i -> Messages.inRoom(7, "text " + i)).toList()));
      mesh.untilAllIsTrimmed();
      Await.until("the room is cut", () -> mesh.stored("room:7").size() <= 110);
      assertThat(mesh.storedSeqs("room:7")).endsWith(899L, 900L).hasSizeGreaterThanOrEqualTo(100);
      Await.get(mesh.vertx.undeploy(first));

      // Less is kept from now on, and the new worker has never seen the room.
      mesh.config.getJsonObject("task").put("room-history", 10);
      mesh.deploy(1);
      Await.get(mesh.send(Messages.inRoom(7, "one more")));

      Await.until("the room is cut", () -> mesh.stored("room:7").size() == 10);
      assertThat(mesh.storedSeqs("room:7")).startsWith(892L).endsWith(901L);
    }
  }
}
