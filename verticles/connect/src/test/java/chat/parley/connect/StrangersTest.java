package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.Position;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who has not said who it is, or is there no more, costs the others nothing. */
class StrangersTest {
  private static final long ROOM = 7;
  private static final int MAX_FRAME = 64 * 1024;

  @TempDir static Path folder;
  private static ConnectMesh mesh;

  @BeforeAll
  static void start() {
    JsonObject settings =
        new JsonObject()
            .put("max-stranger-bytes", MAX_FRAME)
            .put("join-deadline", "60s")
            .put("stalled", "1s");
    mesh = new ConnectMesh(folder, 1, settings);
  }

  @AfterAll
  static void stop() {
    mesh.close();
  }

  @Test
  void whatStrangersSendHasABoundAndOthersComeInAllTheSame() throws IOException {
    long before = mesh.connections();
    byte[] half = V2TcpClient.header(MAX_FRAME + 6, new byte[MAX_FRAME / 2 + 8 * 1024]);
    List<V2TcpClient> strangers =
        IntStream.range(0, 3)
            .mapToObj(i -> mesh.kept(new V2TcpClient(mesh.tcpPort())).send(half))
            .toList();
    // Each fits alone; no two of them fit together.
    Await.until("two are closed", () -> closed(strangers).size() == 2);
    for (V2TcpClient refused : closed(strangers)) {
      assertThat(refused.goodbye().getCode()).isEqualTo(Goodbye.Code.OVERLOADED);
      assertThat(refused.goodbye().getReconnect()).isTrue();
    }
    for (V2Client.Kind kind : V2Client.Kind.values()) {
      mesh.device(kind, mesh.rooms().device(20 + kind.ordinal(), 2, "other"));
    }
    for (V2TcpClient stranger : strangers) {
      stranger.close();
    }
    Await.until(
        "they are gone", () -> mesh.connections() == before + V2Client.Kind.values().length);
    V2Client large = mesh.v2(V2Client.Kind.TCP);
    Hello hello = Hello.newBuilder().setProtocol(2).setToken("x".repeat(MAX_FRAME - 1_000)).build();
    large.send(ClientFrame.newBuilder().setHello(hello).build());
    assertThat(large.goodbye().getCode()).isEqualTo(Goodbye.Code.UNAUTHENTICATED);
  }

  private static List<V2TcpClient> closed(List<V2TcpClient> clients) {
    return clients.stream().filter(V2Client::closed).toList();
  }

  @ParameterizedTest
  @EnumSource(V2Client.Kind.class)
  void aHelloOfNothingButEmptyCursorsIsRefused(V2Client.Kind kind) {
    List<Position> none = Collections.nCopies(1_000, Position.getDefaultInstance());
    V2Client client = mesh.v2(kind);
    client.hello(
        Hello.newBuilder().setToken(mesh.rooms().device(31, 3, "demo")).addAllCursors(none));
    assertThat(client.goodbye().getCode()).isEqualTo(Goodbye.Code.BAD_FRAME);
    assertThat(client.goodbye().getReason()).contains("cursor");
  }

  @Test
  void whoTalksAtOnceIsReadOnWhenItIsKnown(@TempDir Path own) {
    // More than one connection may send before it is known, and all together may have sent more.
    try (ConnectMesh roomy = new ConnectMesh(own, 1, new JsonObject())) {
      String demo = roomy.rooms().user(4, "demo");
      List<String> texts =
          IntStream.range(0, 40).mapToObj(i -> i + " " + "x".repeat(4_000)).toList();
      TcpClient client = roomy.tcp().join(demo, ROOM);
      texts.forEach(text -> client.say(demo, ROOM, text));
      Await.until("all are there", () -> client.texts(3).size() == texts.size());
      assertThat(client.texts(3)).isEqualTo(texts);
    }
  }

  @Test
  void aClientThatTakesNothingIsClosedThoughItsQueueIsNotFull() throws IOException {
    assumeTrue(mesh.vertx().isNativeTransportEnabled());
    String demo = mesh.rooms().user(5, "demo");
    long room = ROOM + 1;
    long others = mesh.connections();
    try (Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4 * 1024);
      deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), mesh.tcpPort()));
      deaf.getOutputStream().write(TcpClient.frame(TcpClient.joining(demo, room).encode()));
      Await.until("it is in the room", () -> mesh.rooms().count(room) == 1);
      for (int i = 0; i < 40; i++) {
        mesh.rooms().say(room, demo, "x".repeat(10_000));
      }
      Await.until("it is closed", () -> mesh.connections() == others);
    }
  }

  @Test
  void halfOfASurrogatePairBecomesWhatEveryNodeCanCarry() {
    String demo = mesh.rooms().user(6, "demo");
    TcpClient client = mesh.tcp().join(demo, ROOM + 2);
    client.awaitLive();
    String json =
        "{\"op\":3,\"authToken\":\"%s\",\"roomId\":%d,\"msg\":\"a\\ud800b\\udc00\"}"
            .formatted(demo, ROOM + 2);
    client.send(TcpClient.frame(json));
    client.awaitTexts("a\uFFFDb\uFFFD");
  }
}
