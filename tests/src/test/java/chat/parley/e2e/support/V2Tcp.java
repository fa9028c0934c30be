package chat.parley.e2e.support;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** The v2 wire on TCP. A frame of the server that breaks the framing ends it as such. */
public final class V2Tcp extends V2Client {
  private static final int HEADER = 6;

  private final Socket socket = new Socket();

  public V2Tcp(int port) {
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread reader = new Thread(this::read, "v2-tcp-client");
    reader.setDaemon(true);
    reader.start();
  }

  /** The header and the body of one frame. */
  public static byte[] frame(byte... body) {
    return ByteBuffer.allocate(HEADER + body.length)
        .put((byte) 'v')
        .put((byte) '2')
        .putInt(HEADER + body.length)
        .put(body)
        .array();
  }

  @Override
  public void send(ClientFrame frame) {
    sendBytes(frame(frame.toByteArray()));
  }

  @Override
  public void sendBytes(byte... bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes in the middle of everything; the server sees a reset. */
  @Override
  public void abort() {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      ended(0, "already closed");
    }
  }

  private void read() {
    try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
      while (true) {
        int v = in.readByte();
        int two = in.readByte();
        int length = in.readInt();
        if (v != 'v' || two != '2' || length < HEADER) {
          throw new IOException("the server broke the framing: " + v + " " + two + " " + length);
        }
        byte[] body = new byte[length - HEADER];
        in.readFully(body);
        arrived(ServerFrame.parseFrom(body));
      }
    } catch (EOFException e) {
      ended(0, "closed by the server");
    } catch (IOException e) {
      broken(e);
    }
  }
}
