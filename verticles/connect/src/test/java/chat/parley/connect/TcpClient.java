package chat.parley.connect;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A v1 TCP client over a plain socket. */
final class TcpClient extends Received implements AutoCloseable {
  private final Socket socket;
  private volatile boolean closed;
  private volatile IOException end;

  TcpClient(int port) {
    this(connected(port));
    startReading();
  }

  /** Over a socket that is connected, by TLS for example; reads nothing until it is told to. */
  TcpClient(Socket socket) {
    this.socket = socket;
  }

  private static Socket connected(int port) {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TcpClient startReading() {
    Thread reader = new Thread(this::read, "tcp client");
    reader.setDaemon(true);
    reader.start();
    return this;
  }

  static byte[] frame(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeBytes("v1");
      out.writeShort(body.length + 4);
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static JsonObject joining(String token, long room) {
    return new JsonObject().put("op", 6).put("authToken", token).put("roomId", room);
  }

  static JsonObject saying(String token, long room, String text) {
    return new JsonObject()
        .put("op", 3)
        .put("authToken", token)
        .put("roomId", room)
        .put("msg", text);
  }

  TcpClient join(String token, long room) {
    return send(frame(joining(token, room).encode()));
  }

  TcpClient say(String token, long room, String text) {
    return send(frame(saying(token, room, text).encode()));
  }

  TcpClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitLive() {
    Await.until("the first list is there", () -> last(5) != null);
  }

  void awaitClosed() {
    Await.until("the connection is closed", () -> closed);
  }

  /** What reading ended with; an orderly end of the stream is an EOFException. */
  IOException end() {
    awaitClosed();
    return end;
  }

  boolean closed() {
    return closed;
  }

  private void read() {
    try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
      while (true) {
        if (in.readByte() != 'v' || in.readByte() != '1') {
          throw new IOException("not a v1 frame");
        }
        byte[] body = new byte[in.readShort() - 4];
        in.readFully(body);
        got(new String(body, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      end = e;
      closed = true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
