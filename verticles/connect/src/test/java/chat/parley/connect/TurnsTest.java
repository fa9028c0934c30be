package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.ServerFrame;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those who come at once take turns: nobody is refused for it, and nobody waits without an end. */
class TurnsTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private ConnectMesh mesh;

  private void start(int atOneTime, String patience) {
    mesh =
        new ConnectMesh(
            folder,
            1,
            new JsonObject()
                .put("max-openings", atOneTime)
                .put("opening-wait", patience)
                .put("deadline", "60s"));
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void aCrowdBeyondTheBoundIsServedInTurnAndNobodyIsRefused() {
    start(2, "60s");
    mesh.rooms().hold(Addresses.JOIN_ROOM);
    List<WsClient> members = new ArrayList<>();
    List<V2Client> devices = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      members.add(mesh.ws().join(mesh.rooms().user(i, "user" + i), ROOM));
      String token = mesh.rooms().device(100 + i, 100 + i, "owner" + i);
      devices.add(mesh.v2(V2Client.Kind.PROTOBUF).hello(token));
    }
    mesh.rooms().awaitHeld(Addresses.JOIN_ROOM);
    mesh.rooms().letGo(Addresses.JOIN_ROOM);
    members.forEach(WsClient::awaitLive);
    devices.forEach(device -> device.await(ServerFrame.BodyCase.SYNCED));
    assertThat(mesh.rooms().count(ROOM)).isEqualTo(40);
  }

  @Test
  void whoseTurnDoesNotComeInTimeIsToldToTryAgain() {
    start(1, "200ms");
    String device = mesh.rooms().device(22, 2, "test");
    mesh.rooms().hold(Addresses.JOIN_ROOM);
    WsClient first = mesh.ws().join(mesh.rooms().user(1, "demo"), ROOM);
    mesh.rooms().awaitHeld(Addresses.JOIN_ROOM);
    assertThat(mesh.ws().join(mesh.rooms().user(3, "third"), ROOM).closeCode()).isEqualTo(1013);
    Goodbye goodbye = mesh.v2(V2Client.Kind.JSON).hello(device).goodbye();
    assertThat(goodbye.getCode()).isEqualTo(Goodbye.Code.TRY_AGAIN);
    assertThat(goodbye.getReconnect()).isTrue();
    mesh.rooms().letGo(Addresses.JOIN_ROOM);
    first.awaitLive();
  }

  @Test
  void whoLeavesBeforeItsTurnIsPassedOver() {
    start(1, "60s");
    mesh.rooms().hold(Addresses.JOIN_ROOM);
    WsClient first = mesh.ws().join(mesh.rooms().user(1, "demo"), ROOM);
    mesh.rooms().awaitHeld(Addresses.JOIN_ROOM);
    WsClient impatient = mesh.ws().join(mesh.rooms().user(2, "test"), ROOM);
    WsClient last = mesh.ws().join(mesh.rooms().user(3, "third"), ROOM);
    Await.until("all three are there", () -> mesh.connections() == 3);
    impatient.close();
    Await.until("one is gone", () -> mesh.connections() == 2);
    mesh.rooms().letGo(Addresses.JOIN_ROOM);
    first.awaitLive();
    last.awaitLive();
    assertThat(mesh.rooms().count(ROOM)).isEqualTo(2);
  }
}
