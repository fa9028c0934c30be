package chat.parley.e2e.support;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A WebSocket that does what no decent client does: answers no ping, leaves frames unmasked, claims
 * lengths. Reads on the caller's thread.
 */
public final class RawWebSocket implements AutoCloseable {
  public static final int TEXT = 1;
  public static final int CLOSE = 8;
  public static final int PING = 9;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int READ_TIMEOUT_MS = 30_000;

  private final Socket socket;
  private final DataInputStream in;
  private final int status;

  /** A frame of the server. */
  public record Frame(int opcode, byte[] payload) {
    /** Of a close frame; 1005 when it has none. */
    public int closeCode() {
      return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
    }

    public String closeReason() {
      return payload.length < 2
          ? ""
          : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  public RawWebSocket(int port) {
    this(port, "/ws");
  }

  /** Shakes hands; {@link #status()} tells how that went. */
  public RawWebSocket(int port, String path) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(READ_TIMEOUT_MS);
      in = new DataInputStream(socket.getInputStream());
      String request =
          "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              .formatted(path, port);
      String rest =
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
      write((request + rest).getBytes(StandardCharsets.US_ASCII));
      status = readHead();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return Integer.parseInt(head.substring(9, 12));
  }

  /** HTTP status of the handshake; 101 when it succeeded. */
  public int status() {
    return status;
  }

  public void sendText(String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(14 + body.length);
    frame.put((byte) (FINAL | TEXT));
    if (body.length < 126) {
      frame.put((byte) (MASKED | body.length));
    } else {
      frame.put((byte) (MASKED | 126)).putShort((short) body.length);
    }
    // A mask of zeros leaves the body as it is.
    frame.putInt(0).put(body).flip();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    sendBytes(bytes);
  }

  public void sendBytes(byte... bytes) {
    try {
      write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Everything up to and including the close frame, or up to the end without one. */
  public List<Frame> readUntilClosed() {
    List<Frame> frames = new ArrayList<>();
    try {
      Frame frame;
      do {
        frame = readFrame();
        frames.add(frame);
      } while (frame.opcode() != CLOSE);
    } catch (IOException end) {
      frames.add(new Frame(CLOSE, new byte[0]));
    }
    return frames;
  }

  private Frame readFrame() throws IOException {
    int opcode = in.readUnsignedByte() & 0x0f;
    long length = in.readUnsignedByte() & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[Math.toIntExact(length)];
    in.readFully(payload);
    return new Frame(opcode, payload);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
