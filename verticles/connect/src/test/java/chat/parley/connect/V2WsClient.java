package chat.parley.connect;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** v2 over a WebSocket, as protobuf or as JSON. */
final class V2WsClient extends V2Client {
  private final boolean json;
  private final WebSocketClient client;
  private final WebSocket socket;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final List<Buffer> bodies = new CopyOnWriteArrayList<>();

  V2WsClient(Vertx vertx, int port, boolean json) {
    this.json = json;
    client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxFrameSize(1 << 20)
                .setMaxMessageSize(1 << 20)
                // Else the kernel may take megabytes for a client that does not read.
                .setReceiveBufferSize(256 * 1024));
    String protocol = json ? "parley.v2.json" : "parley.v2.protobuf";
    socket =
        Await.get(
            vertx
                .executeBlocking(() -> null)
                .compose(
                    v ->
                        client.connect(
                            new WebSocketConnectOptions()
                                .setHost("127.0.0.1")
                                .setPort(port)
                                .setURI("/ws")
                                .setSubProtocols(List.of(protocol))))
                .map(this::listen));
    if (!protocol.equals(socket.subProtocol())) {
      throw new AssertionError("the server chose " + socket.subProtocol());
    }
  }

  private WebSocket listen(WebSocket ws) {
    ws.binaryMessageHandler(body -> got(body, !json));
    ws.textMessageHandler(body -> got(Buffer.buffer(body), json));
    ws.closeHandler(end -> closed.set(true));
    return ws;
  }

  private void got(Buffer body, boolean expected) {
    try {
      if (!expected) {
        throw new AssertionError("a message of the other kind");
      }
      ServerFrame.Builder frame = ServerFrame.newBuilder();
      if (json) {
        JsonFormat.parser().merge(body.toString(), frame);
      } else {
        frame.mergeFrom(body.getBytes());
      }
      bodies.add(body);
      got(frame.build());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** What came, as it came. */
  List<Buffer> bodies() {
    return bodies;
  }

  @Override
  V2WsClient send(ClientFrame frame) {
    try {
      return json ? text(JsonFormat.printer().print(frame)) : binary(frame.toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  V2WsClient text(String text) {
    socket.writeTextMessage(text);
    return this;
  }

  V2WsClient binary(byte[] bytes) {
    socket.writeBinaryMessage(Buffer.buffer(bytes));
    return this;
  }

  void stopReading() {
    socket.pause();
  }

  void readAgain() {
    socket.resume();
  }

  @Override
  boolean closed() {
    return closed.get();
  }

  @Override
  int closeCode() {
    Await.until("the socket is closed", closed::get);
    return socket.closeStatusCode();
  }

  @Override
  public void close() {
    if (!closed.get()) {
      socket.resume();
      socket.close();
      Await.until("the socket is closed", closed::get);
    }
    Await.get(client.close());
  }
}
