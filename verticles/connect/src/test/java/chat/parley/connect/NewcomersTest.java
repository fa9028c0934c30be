package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.Goodbye;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One address has so many connections and no more, and hears why. */
class NewcomersTest {
  private static final int MOST = 4;

  @TempDir Path folder;
  private ConnectMesh mesh;

  @AfterEach
  void stop() {
    mesh.close();
  }

  private void start(JsonObject settings) {
    mesh = new ConnectMesh(folder, 2, settings.put("max-connections-per-address", MOST));
  }

  @Test
  void oneTooManyOfAnAddressIsToldSoOnEveryWireAndTheOthersStay() throws Exception {
    start(new JsonObject());
    List<WsClient> there = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      String token = mesh.rooms().user(i + 1, "user " + i);
      there.add(mesh.wsIn(ConnectMesh.ROOM, token));
    }
    WsClient v1 = mesh.ws();
    assertThat(v1.closeCode()).isEqualTo(1013);
    assertThat(v1.closeReason()).isEqualTo("too many connections from this address, try again");
    for (V2Client.Kind kind : List.of(V2Client.Kind.PROTOBUF, V2Client.Kind.JSON)) {
      Goodbye goodbye = mesh.v2(kind).hello(mesh.rooms().device(11, 9, "late")).goodbye();
      assertThat(goodbye.getCode()).isEqualTo(Goodbye.Code.OVERLOADED);
      assertThat(goodbye.getReconnect()).isTrue();
    }
    mesh.tcp().awaitClosed();
    mesh.rooms().say(ConnectMesh.ROOM, "token-1", "we are still here");
    there.forEach(client -> client.awaitTexts("we are still here"));

    there.get(0).close();
    Await.until("there is room for one", () -> mesh.connections() == MOST - 1);
    assertThat(mesh.wsIn(ConnectMesh.ROOM, "token-1").closed()).isFalse();
  }

  @Test
  void behindATrustedProxyEachOfItsClientsHasItsOwnCount() {
    start(new JsonObject().put("trusted-proxies", new JsonArray().add("127.0.0.1")));
    WebSocketClient client = mesh.kept(new Closing(mesh.vertx().createWebSocketClient())).client;
    List<WebSocket> all = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      all.add(connect(client, "203.0.113.1"));
      all.add(connect(client, "203.0.113.2"));
    }
    all.add(connect(client, null));
    WebSocket late = connect(client, "6.6.6.6, 203.0.113.1");
    Await.until("it is closed", late::isClosed);
    assertThat(late.closeStatusCode()).isEqualTo((short) 1013);
    assertThat(all).noneMatch(WebSocket::isClosed);
  }

  private WebSocket connect(WebSocketClient client, String forwardedFor) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(mesh.wsPort()).setURI("/ws");
    if (forwardedFor != null) {
      options.addHeader("X-Forwarded-For", forwardedFor);
    }
    return Await.get(client.connect(options));
  }

  private record Closing(WebSocketClient client) implements AutoCloseable {
    @Override
    public void close() {
      Await.get(client.close());
    }
  }
}
