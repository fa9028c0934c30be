package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;

/** A peer on a WebSocket, in the encoding of its subprotocol. */
final class WebSocketPeer extends Peer {
  private final Server server;
  private final boolean secure;

  WebSocketPeer(String subprotocol, SSLContext tls) throws InterruptedException {
    secure = tls != null;
    server = new Server(subprotocol);
    server.setReuseAddr(true);
    if (secure) {
      server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(tls));
    }
    server.start();
    if (!server.started.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the peer did not start");
    }
  }

  @Override
  URI address() {
    return URI.create((secure ? "wss" : "ws") + "://127.0.0.1:" + server.getPort() + "/ws");
  }

  @Override
  public void close() {
    try {
      server.stop(1000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private final class Server extends WebSocketServer {
    final CountDownLatch started = new CountDownLatch(1);

    Server(String subprotocol) {
      super(
          new InetSocketAddress("127.0.0.1", 0),
          1,
          List.of(new Draft_6455(List.of(), List.of(new Protocol(subprotocol)))));
      setDaemon(true);
    }

    @Override
    public void onStart() {
      started.countDown();
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
      WebSocketConnection connection = new WebSocketConnection(socket);
      socket.setAttachment(connection);
      accepted(connection);
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      ClientFrame.Builder frame = ClientFrame.newBuilder();
      try {
        JsonFormat.parser().merge(text, frame);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
      socket.<WebSocketConnection>getAttachment().came(frame.build());
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer bytes) {
      try {
        socket.<WebSocketConnection>getAttachment().came(ClientFrame.parseFrom(bytes));
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

    @Override
    public void onError(WebSocket socket, Exception failure) {}
  }

  private final class WebSocketConnection extends Connection {
    private final WebSocket socket;

    WebSocketConnection(WebSocket socket) {
      this.socket = socket;
    }

    @Override
    void send(ServerFrame frame) {
      if (socket.getProtocol().getProvidedProtocol().endsWith("protobuf")) {
        socket.send(frame.toByteArray());
        return;
      }
      try {
        socket.send(JsonFormat.printer().print(frame));
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    void cut() {
      socket.closeConnection(1006, "cut");
    }
  }
}
