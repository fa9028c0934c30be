package chat.parley.connect;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicBoolean;

/** A WebSocket client as a browser is one. */
final class WsClient extends Received implements AutoCloseable {
  private final WebSocketClient client;
  private final WebSocket socket;
  private final AtomicBoolean closed = new AtomicBoolean();

  WsClient(Vertx vertx, int port) {
    this(vertx, port, new WebSocketClientOptions());
  }

  WsClient(Vertx vertx, int port, WebSocketClientOptions options) {
    client = vertx.createWebSocketClient(options.setMaxFrameSize(1 << 20));
    Future<WebSocket> open =
        vertx
            .executeBlocking(() -> null)
            .compose(
                v ->
                    client
                        .connect(port, "127.0.0.1", "/ws")
                        .map(
                            ws -> {
                              ws.textMessageHandler(this::got);
                              ws.closeHandler(end -> closed.set(true));
                              return ws;
                            }));
    socket = Await.get(open);
  }

  WsClient join(String token, long room) {
    return send(new JsonObject().put("authToken", token).put("roomId", room).encode());
  }

  WsClient send(String text) {
    socket.writeTextMessage(text);
    return this;
  }

  void sendBinary(byte[] bytes) {
    socket.writeBinaryMessage(Buffer.buffer(bytes));
  }

  /** Waits until a list of members came. */
  void awaitLive() {
    Await.until("the first list is there", () -> last(5) != null);
  }

  boolean closed() {
    return closed.get();
  }

  void awaitClosed() {
    Await.until("the socket is closed", closed::get);
  }

  int closeCode() {
    awaitClosed();
    return socket.closeStatusCode();
  }

  String closeReason() {
    return socket.closeReason();
  }

  /** Reads nothing from its socket any more. */
  void stopReading() {
    socket.pause();
  }

  void readAgain() {
    socket.resume();
  }

  @Override
  public void close() {
    if (!closed.get()) {
      socket.close();
      awaitClosed();
    }
    Await.get(client.close());
  }
}
