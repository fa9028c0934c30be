package chat.parley.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One socket of a member, with as little between the bytes and the counting as there can be: its
 * own framing over Netty's channel.
 *
 * <p>Belongs to one event loop, as everything that it calls.
 */
abstract class Connection extends ChannelInboundHandlerAdapter {
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String KEY = "cGFybGV5LWJlbmNoLWtleQ==";
  private static final int SMALL_BUFFER = 256 * 1024;
  private static final int BINARY = 2;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /** What a connection tells whoever opened it. */
  interface Owner {
    /** It is where it should be: in its room, and up to date. */
    void ready(Connection connection);

    /** It is over, which is told once. */
    void ended(Connection connection, String why);
  }

  /** Bytes of the turn, shared by all connections of a loop. */
  static final class Scratch {
    private byte[] bytes = new byte[64 * 1024];

    byte[] of(int length) {
      if (bytes.length < length) {
        bytes = new byte[length];
      }
      return bytes;
    }
  }

  private final Wire wire;
  private final Scratch scratch;
  private final Owner owner;
  private ChannelHandlerContext ctx;
  private byte[] kept;
  private int keptLength;
  private boolean upgraded;
  private boolean ready;
  private boolean ended;
  private boolean unflushed;

  Connection(Wire wire, Scratch scratch, Owner owner) {
    this.wire = wire;
    this.scratch = scratch;
    this.owner = owner;
  }

  /** The carrier is there: says who the member is. */
  abstract void opened();

  /** One frame's body. */
  abstract void frame(byte[] bytes, int from, int to, long now);

  Wire wire() {
    return wire;
  }

  ChannelHandlerContext ctx() {
    return ctx;
  }

  boolean isOpen() {
    return upgraded && !ended;
  }

  /** It was ready once, whatever came then. */
  boolean wasReady() {
    return ready;
  }

  boolean isReady() {
    return ready && !ended;
  }

  void becomeReady() {
    if (!ready && !ended) {
      ready = true;
      owner.ready(this);
    }
  }

  /** The connection is given up, or was. */
  void end(String why) {
    if (!ended) {
      ended = true;
      if (ctx != null) {
        ctx.close();
      }
      owner.ended(this, why);
    }
  }

  /**
   * Reads nothing more until {@link #readAgain}. What the network keeps for it is small, so that
   * the server notices soon.
   */
  void stopReading() {
    if (isOpen()) {
      ctx.channel().config().setOption(ChannelOption.SO_RCVBUF, SMALL_BUFFER);
      ctx.channel().config().setAutoRead(false);
    }
  }

  void readAgain() {
    if (isOpen()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  /** Closes without a word to the owner. */
  void leave() {
    ended = true;
    if (ctx != null) {
      ctx.close();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ctx = context;
    if (ended) {
      context.close();
    } else if (wire.webSocket()) {
      String asked =
          wire.subprotocol() == null
              ? ""
              : "Sec-WebSocket-Protocol: " + wire.subprotocol() + "\r\n";
      String host = context.channel().remoteAddress().toString().replaceFirst(".*/", "");
      String head =
          "GET /ws HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%s"
                  .formatted(host, asked)
              + "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n".formatted(KEY);
      context.writeAndFlush(ByteBufUtil.writeAscii(context.alloc(), head));
    } else {
      upgraded = true;
      opened();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    long now = System.nanoTime();
    int n = in.readableBytes();
    byte[] bytes;
    int length;
    if (keptLength == 0) {
      bytes = scratch.of(n);
      length = n;
      in.readBytes(bytes, 0, n);
    } else {
      if (kept.length < keptLength + n) {
        kept = Arrays.copyOf(kept, Math.max(keptLength + n, kept.length * 2));
      }
      in.readBytes(kept, keptLength, n);
      bytes = kept;
      length = keptLength + n;
    }
    in.release();
    int at = ended ? length : consume(bytes, length, now);
    keep(bytes, at, length);
  }

  private void keep(byte[] bytes, int at, int length) {
    keptLength = length - at;
    if (keptLength == 0) {
      kept = null;
    } else if (at > 0 || bytes != kept) {
      kept = Arrays.copyOfRange(bytes, at, Math.max(length, at + 256));
    }
  }

  private int consume(byte[] bytes, int length, long now) {
    int at = 0;
    while (at < length && !ended) {
      int used = upgraded ? next(bytes, at, length, now) : upgrade(bytes, at, length);
      if (used == 0) {
        return at;
      }
      at += used;
    }
    return ended ? length : at;
  }

  private int upgrade(byte[] bytes, int from, int to) {
    int end = Stamp.indexOf(END_OF_HEAD, bytes, from, to);
    if (end < 0) {
      return 0;
    }
    String head = new String(bytes, from, end - from, StandardCharsets.US_ASCII);
    if (!head.startsWith("HTTP/1.1 101")) {
      end("upgrade answered " + head.lines().findFirst().orElse(""));
    } else if (wire.subprotocol() != null && !head.contains(wire.subprotocol())) {
      end("the server does not speak " + wire.subprotocol());
    } else {
      upgraded = true;
      opened();
    }
    return end + END_OF_HEAD.length - from;
  }

  /** Bytes that the next frame took; 0 when it is not whole. */
  private int next(byte[] b, int at, int length, long now) {
    return wire.webSocket() ? webSocket(b, at, length, now) : tcp(b, at, length, now);
  }

  private int tcp(byte[] b, int at, int length, long now) {
    int header = wire.tcpHeader();
    if (length - at < header) {
      return 0;
    }
    int total =
        wire.v2()
            ? (b[at + 2] & 255) << 24
                | (b[at + 3] & 255) << 16
                | (b[at + 4] & 255) << 8
                | b[at + 5] & 255
            : (b[at + 2] & 255) << 8 | b[at + 3] & 255;
    if (b[at] != 'v' || b[at + 1] != (wire.v2() ? '2' : '1') || total < header) {
      end("the server broke the framing");
      return length - at;
    }
    if (length - at < total) {
      return 0;
    }
    frame(b, at + header, at + total, now);
    return total;
  }

  private int webSocket(byte[] b, int at, int length, long now) {
    if (length - at < 2) {
      return 0;
    }
    int size = b[at + 1] & 127;
    int header = size < 126 ? 2 : size == 126 ? 4 : 10;
    if (length - at < header) {
      return 0;
    }
    if (size == 126) {
      size = (b[at + 2] & 255) << 8 | b[at + 3] & 255;
    } else if (size == 127) {
      size =
          (b[at + 6] & 255) << 24
              | (b[at + 7] & 255) << 16
              | (b[at + 8] & 255) << 8
              | b[at + 9] & 255;
    }
    if (length - at < header + size) {
      return 0;
    }
    int body = at + header;
    boolean whole = (b[at] & 0x80) != 0;
    switch (b[at] & 15) {
      case TEXT, BINARY -> {
        if (whole) {
          frame(b, body, body + size, now);
        } else {
          end("the server fragments its messages, which the bench does not read");
        }
      }
      case PING -> write(PONG, Arrays.copyOfRange(b, body, body + size));
      case CLOSE -> {
        int code = size < 2 ? 1005 : (b[body] & 255) << 8 | b[body + 1] & 255;
        end("closed with " + code);
      }
      default -> {}
    }
    return header + size;
  }

  /** Writes a frame with this body; it leaves at the end of the turn. */
  void write(byte[] body) {
    if (wire.webSocket()) {
      write(wire == Wire.V2_PROTOBUF ? BINARY : TEXT, body);
    } else {
      ByteBuf out = ctx.alloc().directBuffer(wire.tcpHeader() + body.length);
      out.writeByte('v').writeByte(wire.v2() ? '2' : '1');
      if (wire.v2()) {
        out.writeInt(wire.tcpHeader() + body.length);
      } else {
        out.writeShort(wire.tcpHeader() + body.length);
      }
      queue(out.writeBytes(body));
    }
  }

  private void write(int opcode, byte[] body) {
    ByteBuf out = ctx.alloc().directBuffer(14 + body.length);
    out.writeByte(0x80 | opcode);
    if (body.length < 126) {
      out.writeByte(0x80 | body.length);
    } else if (body.length < 65_536) {
      out.writeByte(0x80 | 126).writeShort(body.length);
    } else {
      out.writeByte(0x80 | 127).writeLong(body.length);
    }
    // A mask of zeros: the server's work is the same, and ours is none.
    queue(out.writeInt(0).writeBytes(body));
  }

  /** One flush for everything that a turn writes. */
  private void queue(ByteBuf out) {
    ctx.write(out, ctx.voidPromise());
    if (!unflushed) {
      unflushed = true;
      ctx.executor()
          .execute(
              () -> {
                unflushed = false;
                ctx.flush();
              });
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end("the server closed the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(cause.getMessage() == null ? cause.toString() : cause.getMessage());
  }
}
