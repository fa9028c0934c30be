package chat.parley.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The least work that fans a message out on the v1 wire: no users, no storage, no checks. One event
 * loop; what is posted in a turn leaves in one write a connection at its end. Correct under the
 * bench's load and no other.
 *
 * <p>A program of its own: prints the ports of its HTTP and its WebSocket, and ends when its input
 * does.
 */
public final class Yardstick {
  /** Begins the line that names the two ports. */
  static final String READY = "yardstick: ";

  private static final byte[] END_OF_HEAD = ascii("\r\n\r\n");
  private static final byte[] LENGTH = ascii("ontent-Length:");
  private static final byte[] LENGTH_IN_LOWER_CASE = ascii("ontent-length:");
  private static final byte[] MSG = ascii("\"msg\":\"");
  private static final byte[] ROOM = ascii("\"roomId\":");
  private static final byte[] OK =
      ascii(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 42\r\n\r\n"
              + "{\"code\":0,\"message\":\"ok\",\"data\":\"token00\"}");
  private static final byte[] IN_THE_ROOM = ascii("{\"op\":5}");
  private static final byte[] BEFORE = ascii("{\"code\":0,\"msg\":\"");
  private static final String BEHIND =
      "\",\"fromUserId\":3,\"fromUserName\":\"demo\",\"toUserId\":0,\"toUserName\":\"\","
          + "\"roomId\":%d,\"op\":3,\"createTime\":\"2026-01-01 00:00:00\"}";
  private static final String SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final Map<Long, Room> rooms = new HashMap<>();
  private final byte[] scratch = new byte[64 * 1024];

  private Yardstick() {}

  /** Arguments: none, or the ports of HTTP and of the WebSocket. */
  public static void main(String[] arguments) throws Exception {
    MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Loops.io());
    Yardstick yardstick = new Yardstick();
    int api = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    int ws = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    api = listen(group, api, yardstick.handlers(false));
    ws = listen(group, ws, yardstick.handlers(true));
    System.out.println(READY + api + " " + ws);
    while (System.in.read() >= 0) {
      // Lives as long as whoever started it.
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(2, TimeUnit.SECONDS);
  }

  private static int listen(
      MultiThreadIoEventLoopGroup group, int port, ChannelInitializer<Channel> handlers)
      throws InterruptedException {
    Channel channel =
        new ServerBootstrap()
            .group(group)
            .channel(Loops.serverChannel())
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(handlers)
            .bind(new InetSocketAddress("127.0.0.1", port))
            .sync()
            .channel();
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  private ChannelInitializer<Channel> handlers(boolean webSocket) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        ChannelHandler handler = webSocket ? new Socket() : new Post();
        channel.pipeline().addLast(handler);
      }
    };
  }

  /** Connections of a room, and the frames of this turn. */
  private static final class Room {
    private final byte[] behind;
    private ChannelHandlerContext[] members = new ChannelHandlerContext[16];
    private int size;
    private ByteBuf frames;

    Room(long id) {
      behind = ascii(BEHIND.formatted(id));
    }

    void add(ChannelHandlerContext member) {
      if (size == members.length) {
        members = Arrays.copyOf(members, size * 2);
      }
      members[size++] = member;
    }

    void remove(ChannelHandlerContext member) {
      for (int i = 0; i < size; i++) {
        if (members[i] == member) {
          members[i] = members[--size];
          members[size] = null;
          return;
        }
      }
    }

    void post(ChannelHandlerContext ctx, byte[] bytes, int from, int to) {
      if (frames == null) {
        frames = ctx.alloc().directBuffer(64 * 1024);
        ((SingleThreadEventLoop) ctx.channel().eventLoop())
            .executeAfterEventLoopIteration(this::send);
      }
      int length = BEFORE.length + to - from + behind.length;
      header(frames, length);
      frames.writeBytes(BEFORE).writeBytes(bytes, from, to - from).writeBytes(behind);
    }

    private void send() {
      ByteBuf all = frames;
      frames = null;
      for (int i = 0; i < size; i++) {
        write(members[i], all);
      }
      all.release();
    }

    /** Straight to the socket while nothing waits for it, as a program without Netty would. */
    private static void write(ChannelHandlerContext member, ByteBuf all) {
      int length = all.readableBytes();
      int done = 0;
      if (member.channel() instanceof EpollSocketChannel socket
          && socket.unsafe().outboundBuffer().isEmpty()
          && all.hasMemoryAddress()) {
        try {
          done = Math.max(0, socket.fd().writeAddress(all.memoryAddress(), 0, length));
        } catch (java.io.IOException broken) {
          return; // The channel hears of it by itself.
        }
      }
      if (done < length) {
        member.writeAndFlush(all.retainedSlice(done, length - done));
      }
    }

    private static void header(ByteBuf out, int length) {
      out.writeByte(0x81);
      if (length < 126) {
        out.writeByte(length);
      } else {
        out.writeByte(126).writeShort(length);
      }
    }
  }

  /** Whatever comes is kept until it is whole. */
  private abstract class Reader extends ChannelInboundHandlerAdapter {
    private byte[] kept = {};

    abstract int whole(ChannelHandlerContext ctx, byte[] bytes, int length);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      int n = in.readableBytes();
      byte[] bytes = scratch;
      if (kept.length > 0) {
        bytes = Arrays.copyOf(kept, kept.length + n);
      }
      in.readBytes(bytes, kept.length, n);
      in.release();
      int length = kept.length + n;
      int used = whole(ctx, bytes, length);
      if (used < length || kept.length > 0) {
        kept = Arrays.copyOfRange(bytes, used, length);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** HTTP: what has a msg goes to its room; everything is answered alike. */
  private final class Post extends Reader {
    @Override
    int whole(ChannelHandlerContext ctx, byte[] b, int length) {
      int at = 0;
      while (at < length) {
        int head = Stamp.indexOf(END_OF_HEAD, b, at, length);
        if (head < 0) {
          break;
        }
        int end = head + END_OF_HEAD.length + bodyLength(b, at, head);
        if (end > length) {
          break;
        }
        int msg = Stamp.indexOf(MSG, b, head, end);
        if (msg >= 0) {
          int from = msg + MSG.length;
          int to = from;
          while (b[to] != '"') {
            to++;
          }
          Room room = rooms.get(number(ROOM, b, head, end));
          if (room != null) {
            room.post(ctx, b, from, to);
          }
        }
        ctx.writeAndFlush(ctx.alloc().directBuffer(OK.length).writeBytes(OK));
        at = end;
      }
      return at;
    }

    private int bodyLength(byte[] b, int from, int to) {
      long length = number(LENGTH, b, from, to);
      return (int) (length >= 0 ? length : Math.max(0, number(LENGTH_IN_LOWER_CASE, b, from, to)));
    }
  }

  /** A WebSocket: the handshake, then one frame that names the room; the rest is not looked at. */
  private final class Socket extends Reader {
    private Room room;
    private boolean upgraded;

    @Override
    int whole(ChannelHandlerContext ctx, byte[] b, int length) {
      int at = 0;
      if (!upgraded) {
        int end = Stamp.indexOf(END_OF_HEAD, b, 0, length);
        if (end < 0) {
          return 0;
        }
        at = end + END_OF_HEAD.length;
        upgraded = true;
        upgrade(ctx, new String(b, 0, end, StandardCharsets.US_ASCII));
      }
      if (room == null && at < length) {
        join(ctx, b, at, length);
      }
      return length;
    }

    private void upgrade(ChannelHandlerContext ctx, String head) {
      String key = head.replaceFirst("(?is).*sec-websocket-key:\\s*(\\S+).*", "$1");
      String answer =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + Base64.getEncoder().encodeToString(sha1(key + SALT))
              + "\r\n\r\n";
      byte[] bytes = ascii(answer);
      ctx.writeAndFlush(ctx.alloc().directBuffer(bytes.length).writeBytes(bytes));
    }

    /** The one frame is short enough to come whole. */
    private void join(ChannelHandlerContext ctx, byte[] b, int at, int length) {
      int header = (b[at + 1] & 127) < 126 ? 2 : 4;
      byte[] body = Arrays.copyOfRange(b, at + header + 4, length);
      for (int i = 0; i < body.length; i++) {
        body[i] ^= b[at + header + i % 4];
      }
      room = rooms.computeIfAbsent(number(ROOM, body, 0, body.length), Room::new);
      room.add(ctx);
      ByteBuf answer = ctx.alloc().directBuffer(64);
      Room.header(answer, IN_THE_ROOM.length);
      ctx.writeAndFlush(answer.writeBytes(IN_THE_ROOM));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (room != null) {
        room.remove(ctx);
      }
    }
  }

  /** The number that follows {@code name}; -1 when there is none. */
  private static long number(byte[] name, byte[] b, int from, int to) {
    int at = Stamp.indexOf(name, b, from, to);
    if (at < 0) {
      return -1;
    }
    at += name.length;
    while (at < to && b[at] == ' ') {
      at++;
    }
    long value = 0;
    while (at < to && b[at] >= '0' && b[at] <= '9') {
      value = value * 10 + b[at++] - '0';
    }
    return value;
  }

  private static byte[] sha1(String text) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(ascii(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
