package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.bus.Addresses;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Join;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.settings.SettingsReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A connect instance that stops: nobody is cut off in the middle of something. */
class FarewellTest {
  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;
  private CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder, 1, new JsonObject().put("drain", "20s"));
    demo = mesh.rooms().device(11, 1, "demo");
  }

  @AfterEach
  void stop() {
    try {
      stopped.join();
    } finally {
      mesh.close();
    }
  }

  private void beginToStop() {
    stopped = CompletableFuture.runAsync(mesh::undeploy);
  }

  @ParameterizedTest
  @EnumSource(V2Client.Kind.class)
  void whatWasSentIsAnsweredBeforeTheGoodbye(V2Client.Kind kind) {
    V2Client client = mesh.device(kind, demo);
    V2Client idle = mesh.device(kind, mesh.rooms().device(12, 2, "test"));
    client.join(2, Join.newBuilder().setRoomId(7)).answer(2);
    mesh.rooms().hold(Addresses.SEND_MANY);
    client.say(7, "id-1", "before the end");
    mesh.rooms().awaitHeld(Addresses.SEND_MANY);
    beginToStop();
    assertThat(idle.goodbye().getCode()).isEqualTo(Goodbye.Code.RESTART);
    assertThat(client.closed()).as("closed before it was answered").isFalse();
    mesh.rooms().letGo(Addresses.SEND_MANY);
    assertThat(client.goodbye().getCode()).isEqualTo(Goodbye.Code.RESTART);
    assertThat(client.of(ServerFrame.BodyCase.SEND_ACK)).hasSize(1);
  }

  /** This wire acknowledges nothing: what is lost at the end would be lost for ever. */
  @Test
  void whatAV1ClientSaysUntilItSeesTheEndIsTaken() throws Exception {
    String talker = mesh.rooms().user(3, "talker");
    TcpClient client = mesh.tcp().join(talker, ConnectMesh.ROOM);
    client.awaitLive();
    int said = 0;
    while (says(client, talker, "message " + said)) {
      said++;
      LockSupport.parkNanos(100_000);
      if (said == 50) {
        beginToStop();
      }
    }
    client.close();
    stopped.join();
    assertThat(mesh.rooms().of("room:" + ConnectMesh.ROOM)).hasSize(said);
  }

  /** Whether it was still sent; a client that has seen the end closes its side. */
  private static boolean says(TcpClient client, String token, String text) {
    try {
      client.say(token, ConnectMesh.ROOM, text);
      return true;
    } catch (UncheckedIOException closed) {
      return false;
    }
  }

  @Test
  void noNewConnectionIsTaken() {
    V2Client client = mesh.device(V2Client.Kind.TCP, demo);
    client.join(2, Join.newBuilder().setRoomId(7)).answer(2);
    mesh.rooms().hold(Addresses.SEND_MANY);
    client.say(7, "id-1", "keeps it from stopping");
    mesh.rooms().awaitHeld(Addresses.SEND_MANY);
    beginToStop();
    for (int port : List.of(mesh.tcpPort(), mesh.wsPort())) {
      Await.until("connections to " + port + " are refused", () -> refused(port));
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
          .isInstanceOf(ConnectException.class);
    }
    assertThat(client.closed()).isFalse();
    mesh.rooms().letGo(Addresses.SEND_MANY);
  }

  private static boolean refused(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (ConnectException refused) {
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Twenty steps a second: of many sessions so many a step that the longest time is enough. */
  @ParameterizedTest
  @CsvSource({"0, 100, 50", "100, 100, 50", "15_000, 100, 1000", "50_000, 250, 1000"})
  void goodbyesAndReturnsAreSpreadByTheNumberOfClients(int sessions, int share, long absenceMs) {
    ConnectSettings settings =
        SettingsReader.section(new JsonObject(), "connect", ConnectSettings.class);
    assertThat(Farewell.shareOf(sessions, settings)).isEqualTo(share);
    assertThat(Farewell.absenceMs(sessions, settings)).isEqualTo(absenceMs);
  }
}
