package chat.parley.e2e.support;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A v1 client's TCP connection. A frame of the server that breaks the framing ends it as such. */
public final class V1Tcp extends V1Client {
  private static final int HEADER = 4;
  private static final int SMALL_BUFFER = 4_096;

  private final Socket socket;

  public V1Tcp(int port) {
    this(port, new Socket());
    startReading();
  }

  private V1Tcp(int port, Socket socket) {
    this.socket = socket;
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Through TLS; has shaken hands. */
  public static V1Tcp overTls(int port, SSLContext trusting) {
    try {
      SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket();
      V1Tcp client = new V1Tcp(port, socket);
      socket.startHandshake();
      client.startReading();
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads nothing, and lets the system take little in its place, until it is told to. */
  public static V1Tcp stuck(int port) {
    try {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(SMALL_BUFFER);
      return new V1Tcp(port, socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void startReading() {
    Thread reader = new Thread(this::read, "tcp-client");
    reader.setDaemon(true);
    reader.start();
  }

  /** The header and the body of one frame. */
  public static byte[] frame(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEADER + body.length)
        .put((byte) 'v')
        .put((byte) '1')
        .putShort((short) (HEADER + body.length))
        .put(body)
        .array();
  }

  @Override
  public void join(String token, long room) {
    send(Json.of("op", 6, "authToken", token, "roomId", room));
  }

  public void say(String token, long room, String text) {
    send(Json.of("op", 3, "authToken", token, "roomId", room, "msg", Secrets.remember(text)));
  }

  public void send(ObjectNode json) {
    sendBytes(frame(json.toString()));
  }

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
        int one = in.readByte();
        int length = in.readShort();
        if (v != 'v' || one != '1' || length < HEADER) {
          throw new IOException("the server broke the framing: " + v + " " + one + " " + length);
        }
        byte[] body = new byte[length - HEADER];
        in.readFully(body);
        arrived(new String(body, StandardCharsets.UTF_8));
      }
    } catch (EOFException e) {
      ended(0, "closed by the server");
    } catch (IOException e) {
      ended(0, e.getMessage());
    }
  }
}
