package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.ServerFrame;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sends too fast is refused, read no faster than that, and loses nothing by it. */
class FramesPerSessionTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private ConnectMesh mesh;
  private String demo;

  @BeforeEach
  void start() {
    Metrics.addRegistry(metrics);
    // One more every three seconds.
    mesh = new ConnectMesh(folder, 1, new JsonObject().put("frames-per-session", "40/120s"));
    demo = mesh.rooms().device(11, 1, "demo");
    mesh.rooms().devices().cursor(11, "room:7", 0);
  }

  @AfterEach
  void stop() {
    mesh.close();
    Metrics.removeRegistry(metrics);
  }

  @Test
  void whatIsTooMuchIsRefusedByNameAndNothingOvertakesIt() {
    V2Client client = mesh.device(V2Client.Kind.PROTOBUF, demo);
    for (int i = 1; i <= 45; i++) {
      client.say(ROOM, "id " + i, "text " + i);
    }
    Error first = client.await(ServerFrame.BodyCase.ERROR).getError();
    assertThat(first.getCode()).isEqualTo(Error.Code.RATE_LIMITED);
    assertThat(first.getRetryable()).isTrue();
    assertThat(first.getRetryAfterMs()).isPositive();
    assertThat(first.getMessage()).contains("more than 40 frames in 120 s");
    int taken = Integer.parseInt(first.getClientMessageId().substring(3)) - 1;
    // The Hello was one.
    assertThat(taken).isBetween(39, 40);
    client.await(ServerFrame.BodyCase.SEND_ACK, taken);
    client.awaitSeq("room:7", taken);
    assertThat(client.texts("room:7"))
        .isEqualTo(IntStream.rangeClosed(1, taken).mapToObj(i -> "text " + i).toList());
    assertThat(refusals()).isPositive();
  }

  @Test
  void aFloodIsNotReadAndItsSessionGoesOnWhenItIsOver() {
    V2TcpClient flood = (V2TcpClient) mesh.device(V2Client.Kind.TCP, demo);
    byte[] beat =
        V2TcpClient.bytes(
            ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
    byte[] many = new byte[beat.length * 60];
    for (int i = 0; i < 60; i++) {
      System.arraycopy(beat, 0, many, i * beat.length, beat.length);
    }
    flood.send(many);
    Await.until("one is too many", () -> refusals() > 0);
    flood.send(find(5));
    V2Client other = mesh.device(V2Client.Kind.TCP, mesh.rooms().device(12, 2, "other"));
    other.send(find(2)).answer(2);
    assertThat(refusals()).as("one at a time is read, and then a rest is made").isLessThan(20);
    assertThat(flood.closed()).isFalse();
  }

  @Test
  void v1HearsOfItAsItsWireCan() {
    String user = mesh.rooms().user(3, "old");
    TcpClient tcp = mesh.tcp().join(user, ROOM);
    tcp.awaitLive();
    for (int i = 1; i <= 41; i++) {
      tcp.say(user, ROOM, "text " + i);
    }
    Await.until(
        "it is refused", () -> tcp.ofOp(3).stream().anyMatch(f -> f.getInteger("code") == 1));
    List<String> refused =
        tcp.ofOp(3).stream()
            .filter(frame -> frame.getInteger("code") == 1)
            .map(frame -> frame.getString("msg"))
            .toList();
    assertThat(refused.get(0)).contains("more than 40 frames in 120 s, please try again");

    WsClient ws = mesh.wsIn(ROOM, user);
    for (int i = 0; i < 41; i++) {
      ws.join(user, ROOM);
    }
    assertThat(ws.closeCode()).isEqualTo(1013);
    assertThat(ws.closeReason()).isEqualTo("too many frames, try again");
  }

  private double refusals() {
    return metrics
        .get("parley.refused")
        .tag("bound", "connect.frames-per-session")
        .counter()
        .count();
  }

  private static ClientFrame find(int ref) {
    return ClientFrame.newBuilder()
        .setRef(ref)
        .setFindUser(FindUser.newBuilder().setUserName("somebody"))
        .build();
  }
}
