package chat.parley.connect;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** v2 over a plain socket. */
final class V2TcpClient extends V2Client {
  private final Socket socket;
  private volatile boolean closed;

  V2TcpClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread reader = new Thread(this::read, "v2 tcp client");
    reader.setDaemon(true);
    reader.start();
  }

  static byte[] bytes(ClientFrame frame) {
    byte[] body = frame.toByteArray();
    return header(body.length + 6, body);
  }

  /** A frame that claims this total length. */
  static byte[] header(int total, byte... body) {
    return ByteBuffer.allocate(body.length + 6)
        .put((byte) 'v')
        .put((byte) '2')
        .putInt(total)
        .put(body)
        .array();
  }

  @Override
  V2TcpClient send(ClientFrame frame) {
    return send(bytes(frame));
  }

  V2TcpClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
      while (true) {
        if (in.readByte() != 'v' || in.readByte() != '2') {
          throw new AssertionError("not a v2 frame");
        }
        byte[] body = new byte[in.readInt() - 6];
        in.readFully(body);
        got(ServerFrame.parseFrom(body));
      }
    } catch (IOException end) {
      closed = true;
    }
  }

  @Override
  boolean closed() {
    return closed;
  }

  @Override
  int closeCode() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
