package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.SessionEnded;
import chat.parley.proto.v2.Goodbye;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Why the server ends a v2 connection, and what it tells the client to do then. */
class V2EndTest {
  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;

  @BeforeEach
  void start() {
    JsonObject v2 = new JsonObject().put("heartbeat-interval", "2s");
    mesh = new ConnectMesh(folder, 2, new JsonObject(), v2);
    demo = mesh.rooms().device(11, 1, "demo");
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void aNewerConnectionOfTheDeviceReplacesTheOlderOneAndNoOtherDevices() {
    V2Client older = mesh.device(V2Client.Kind.PROTOBUF, demo);
    V2Client other = mesh.device(V2Client.Kind.PROTOBUF, mesh.rooms().device(12, 1, "demo"));
    V2Client newer = mesh.device(V2Client.Kind.TCP, demo);
    assertThat(older.goodbye().getCode()).isEqualTo(Goodbye.Code.REPLACED);
    assertThat(older.goodbye().getReconnect()).isFalse();
    assertThat(older.closeCode()).isEqualTo(4003);
    mesh.rooms().whisper(demo, 1, "note");
    newer.awaitSeq("direct:1:1", 1);
    other.awaitSeq("direct:1:1", 1);
  }

  @Test
  void aNewerConnectionIsFoundThoughTheNewsWasLost() {
    mesh.rooms().devices().silent();
    V2Client older = mesh.device(V2Client.Kind.TCP, demo);
    V2Client newer = mesh.device(V2Client.Kind.JSON, demo);
    assertThat(older.goodbye().getCode()).isEqualTo(Goodbye.Code.REPLACED);
    assertThat(newer.closed()).isFalse();
  }

  @Test
  void theEndOfASessionIsFoundThoughTheNewsWasLost() {
    V2Client client = mesh.device(V2Client.Kind.TCP, demo);
    mesh.rooms().devices().end(demo);
    assertThat(client.goodbye().getCode()).isEqualTo(Goodbye.Code.UNAUTHENTICATED);
    assertThat(client.goodbye().getReconnect()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "LOGGED_OUT, LOGGED_OUT, 4004",
    "REPLACED, REPLACED, 4003",
    "REVOKED, REVOKED, 4005",
    "UNKNOWN, UNAUTHENTICATED, 4006"
  })
  void theEndOfASessionIsNamed(SessionEnded.Reason reason, Goodbye.Code code, int closeCode) {
    V2Client client = mesh.device(V2Client.Kind.JSON, demo);
    V2Client other = mesh.device(V2Client.Kind.JSON, mesh.rooms().device(12, 1, "demo"));
    mesh.rooms()
        .tell(
            1,
            SessionEnded.newBuilder()
                .setUserId(1)
                .setSessionId("session-of-" + demo)
                .setReason(reason)
                .build());
    assertThat(client.goodbye().getCode()).isEqualTo(code);
    assertThat(client.goodbye().getReconnect()).isFalse();
    assertThat(client.closeCode()).isEqualTo(closeCode);
    mesh.rooms().whisper(demo, 1, "note");
    other.awaitSeq("direct:1:1", 1);
  }

  @ParameterizedTest
  @EnumSource(V2Client.Kind.class)
  void aNodeThatStopsSendsItsClientsElsewhere(V2Client.Kind kind) {
    V2Client client = mesh.device(kind, demo);
    mesh.undeploy();
    Goodbye goodbye = client.goodbye();
    assertThat(goodbye.getCode()).isEqualTo(Goodbye.Code.RESTART);
    assertThat(goodbye.getReconnect()).isTrue();
    assertThat(goodbye.getRetryAfterMs()).isBetween(0, 50);
    assertThat(client.closeCode()).isEqualTo(kind == V2Client.Kind.TCP ? 0 : 4002);
  }
}
