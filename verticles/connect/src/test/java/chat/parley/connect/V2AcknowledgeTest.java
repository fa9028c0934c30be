package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.ServerFrame;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of what devices acknowledge, and of what they do not. */
class V2AcknowledgeTest {
  private static final long ROOM = 7;

  /** Long enough that a busy machine does not make a client that beats a silent one. */
  private static final String HEARTBEAT_INTERVAL = "1500ms";

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;

  private void start(JsonObject v2) {
    mesh = new ConnectMesh(folder, 1, new JsonObject(), v2);
    demo = mesh.rooms().device(11, 1, "demo");
    mesh.rooms().devices().cursor(11, "room:7", 0);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void manyAcknowledgementsAreSavedInFewRequests() {
    start(new JsonObject());
    V2Client client = mesh.device(V2Client.Kind.PROTOBUF, demo);
    say(500);
    client.awaitSeq("room:7", 500);
    for (int seq = 1; seq <= 500; seq++) {
      client.acknowledge("room:7", seq);
    }
    awaitCursor(500);
    assertThat(mesh.rooms().devices().saved()).hasSizeLessThan(50);
    assertThat(mesh.rooms().devices().saved()).allMatch(request -> request.getCursorsCount() == 1);
  }

  @Test
  void whatIsAcknowledgedAtLastIsSavedThoughTheClientGoes() {
    start(new JsonObject());
    V2Client client = mesh.device(V2Client.Kind.TCP, demo);
    say(3);
    client.awaitSeq("room:7", 3);
    client.acknowledge("room:7", 3);
    client.send(ClientFrame.newBuilder().setGoodbye(Goodbye.getDefaultInstance()).build());
    assertThat(client.goodbye().getCode()).isEqualTo(Goodbye.Code.BYE);
    awaitCursor(3);
  }

  @Test
  void whatIsAcknowledgedAtLastIsSavedThoughTheNodeStops() {
    start(new JsonObject().put("cursor-save", "1h"));
    V2Client client = mesh.device(V2Client.Kind.PROTOBUF, demo);
    say(3);
    client.awaitSeq("room:7", 3);
    client.acknowledge("room:7", 3);
    client.say(ROOM, "behind it", "text");
    client.await(ServerFrame.BodyCase.SEND_ACK);
    mesh.undeploy();
    assertThat(mesh.rooms().devices().cursorOf(11, "room:7")).isEqualTo(3);
  }

  @Test
  void whatWasNeverSentCannotBeAcknowledged() {
    start(new JsonObject());
    V2Client client = mesh.device(V2Client.Kind.JSON, demo);
    say(1);
    client.awaitSeq("room:7", 1);
    client.acknowledge("room:7", 1_000_000).acknowledge("room:8", 5).acknowledge("nonsense", 5);
    awaitCursor(1);
    say(1);
    client.awaitSeq("room:7", 2);
    assertThat(client.seqs("room:7")).containsExactly(1L, 2L);
    assertThat(mesh.rooms().devices().cursorOf(11, "room:8")).isNull();
  }

  @Test
  void whatIsNotAcknowledgedIsSentAgainAndThenTheConnectionEnds() {
    start(new JsonObject().put("acknowledge-within", "1500ms").put("acknowledge-after", "100ms"));
    V2Client client = mesh.v2(V2Client.Kind.TCP).hello(demo);
    client.await(ServerFrame.BodyCase.SYNCED);
    say(2);
    client.awaitSeq("room:7", 2);
    client.acknowledge("room:7", 1);
    Goodbye goodbye = client.goodbye();
    assertThat(goodbye.getCode()).isEqualTo(Goodbye.Code.NOT_ACKNOWLEDGED);
    assertThat(goodbye.getReconnect()).isTrue();
    assertThat(client.seqs("room:7")).startsWith(1L, 2L, 2L).endsWith(2L);
    assertThat(client.seqs("room:7").stream().filter(seq -> seq == 1).count()).isEqualTo(1);
  }

  @Test
  void whoAcknowledgesWhatWasSentAgainStays() {
    start(new JsonObject().put("acknowledge-within", "1s").put("acknowledge-after", "100ms"));
    V2Client client = mesh.device(V2Client.Kind.PROTOBUF, demo);
    for (int i = 1; i <= 4; i++) {
      int seq = i;
      say(1);
      Await.until(
          seq + " came twice",
          () -> client.seqs("room:7").stream().filter(got -> got == seq).count() >= 2);
      client.acknowledge("room:7", seq);
    }
    awaitCursor(4);
    assertThat(client.closed()).isFalse();
  }

  @Test
  void resumeSendsAgainFromWhereTheClientSays() {
    start(new JsonObject());
    V2Client client = mesh.device(V2Client.Kind.PROTOBUF, demo);
    say(5);
    client.awaitSeq("room:7", 5);
    client.acknowledge("room:7", 5).resume("room:7", 2);
    Await.until("three came again", () -> client.seqs("room:7").size() >= 8);
    say(1);
    client.awaitSeq("room:7", 6);
    assertThat(client.seqs("room:7")).isEqualTo(List.of(1L, 2L, 3L, 4L, 5L, 3L, 4L, 5L, 6L));
    client.resume("room:7", 1_000).resume("room:7", -4).resume("nonsense", 1);
    Await.until("all came again", () -> client.seqs("room:7").size() >= 15);
    assertThat(client.seqs("room:7").subList(9, 15)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void aHeartbeatNamesWhatIsNotAcknowledged() {
    start(new JsonObject().put("heartbeat-interval", HEARTBEAT_INTERVAL));
    V2Client client = mesh.device(V2Client.Kind.JSON, demo);
    assertThat(client.await(ServerFrame.BodyCase.HEARTBEAT).getHeartbeat().getHeadsList())
        .isEmpty();
    client.send(beat());
    say(3);
    client.awaitSeq("room:7", 3);
    client.acknowledge("room:7", 2);
    awaitHeads("room:7", 3, client);
    client.acknowledge("room:7", 3);
    int before = client.of(ServerFrame.BodyCase.HEARTBEAT).size();
    client.await(ServerFrame.BodyCase.HEARTBEAT, before + 1);
    client.send(beat());
    List<ServerFrame> beats = client.await(ServerFrame.BodyCase.HEARTBEAT, before + 2);
    assertThat(beats.get(before + 1).getHeartbeat().getHeadsList()).isEmpty();
  }

  @Test
  void whoIsSilentIsClosedAndWhoBeatsStays() {
    start(new JsonObject().put("heartbeat-interval", HEARTBEAT_INTERVAL));
    V2Client silent = mesh.device(V2Client.Kind.TCP, mesh.rooms().device(12, 2, "silent"));
    V2Client beating = mesh.device(V2Client.Kind.JSON, demo);
    for (int i = 1; i <= 8; i++) {
      beating.await(ServerFrame.BodyCase.HEARTBEAT, i);
      beating.send(beat());
    }
    assertThat(silent.goodbye().getCode()).isEqualTo(Goodbye.Code.SILENT);
    assertThat(silent.goodbye().getReconnect()).isTrue();
    assertThat(beating.closed()).isFalse();
  }

  private void say(int count) {
    for (int i = 0; i < count; i++) {
      mesh.rooms().say(ROOM, demo, "text");
    }
  }

  private void awaitCursor(long seq) {
    Await.until(
        "the cursor is at " + seq, () -> mesh.rooms().devices().cursorOf(11, "room:7") == seq);
  }

  private static void awaitHeads(String conversation, long seq, V2Client client) {
    Await.until(
        "a heartbeat says " + seq,
        () ->
            client.of(ServerFrame.BodyCase.HEARTBEAT).stream()
                .anyMatch(
                    frame ->
                        frame
                            .getHeartbeat()
                            .getHeadsList()
                            .equals(List.of(V2Client.position(conversation, seq)))));
  }

  private static ClientFrame beat() {
    return ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build();
  }
}
