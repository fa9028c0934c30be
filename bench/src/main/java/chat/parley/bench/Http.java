package chat.parley.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * A small HTTP/1.1 client: connections that are kept, one request at a time on each, another
 * connection when none is free, and beyond a bound a queue. Answers have a Content-Length, as the
 * server's have.
 *
 * <p>Any thread may ask; answers come on the given loop.
 */
final class Http {
  private static final int DEADLINE_S = 30;
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final EventLoop loop;
  private final String host;
  private final InetSocketAddress address;
  private final int most;
  private final ArrayDeque<Link> idle = new ArrayDeque<>();
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private int open;

  /** What the server said. */
  record Answer(int status, String body) {}

  /**
   * @param most connections at one time
   */
  Http(EventLoop loop, URI base, int most) {
    this.loop = loop;
    this.host = base.getHost() + ':' + base.getPort();
    this.address = new InetSocketAddress(base.getHost(), base.getPort());
    this.most = most;
  }

  private record Request(byte[] bytes, BiConsumer<Answer, Throwable> end) {}

  /** Whether what is asked now would wait for a connection. On the loop. */
  boolean busy() {
    return idle.isEmpty() && open >= most;
  }

  /**
   * @param token null: none
   * @param body null: none
   * @param end is given one of the two
   */
  void ask(
      String method, String path, String token, String body, BiConsumer<Answer, Throwable> end) {
    byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    if (token != null) {
      head.append("\r\nAuthorization: Bearer ").append(token);
    }
    head.append("\r\nContent-Type: application/json\r\nContent-Length: ").append(content.length);
    byte[] top = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = Arrays.copyOf(top, top.length + content.length);
    System.arraycopy(content, 0, bytes, top.length, content.length);
    Request request = new Request(bytes, end);
    if (loop.inEventLoop()) {
      start(request);
    } else {
      loop.execute(() -> start(request));
    }
  }

  /** Does something on the loop a little later. */
  void later(long ms, Runnable what) {
    loop.schedule(what, ms, TimeUnit.MILLISECONDS);
  }

  private void start(Request request) {
    Link free = idle.poll();
    if (free != null) {
      free.start(request);
    } else if (open < most) {
      open++;
      Link link = new Link(request);
      Bootstrap client = Loops.client(loop).handler(link);
      client
          .connect(address)
          .addListener(
              done -> {
                if (!done.isSuccess()) {
                  link.broken(done.cause());
                }
              });
    } else {
      waiting.add(request);
    }
  }

  private final class Link extends ChannelInboundHandlerAdapter {
    private ChannelHandlerContext ctx;
    private Request request;
    private byte[] bytes = new byte[512];
    private int length;
    private boolean over;

    Link(Request first) {
      request = first;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      ctx = context;
      start(request);
    }

    void start(Request next) {
      request = next;
      length = 0;
      ctx.writeAndFlush(ctx.alloc().directBuffer(next.bytes.length).writeBytes(next.bytes));
      ctx.executor()
          .schedule(
              () -> {
                if (request == next) {
                  broken(new IOException("no answer within " + DEADLINE_S + " s"));
                }
              },
              DEADLINE_S,
              TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      int n = in.readableBytes();
      if (bytes.length < length + n) {
        bytes = Arrays.copyOf(bytes, Math.max(length + n, bytes.length * 2));
      }
      in.readBytes(bytes, length, n);
      in.release();
      length += n;
      Answer answer = whole();
      if (answer != null && request != null) {
        Request answered = request;
        request = null;
        Request next = waiting.poll();
        if (next != null) {
          start(next);
        } else {
          idle.push(this);
        }
        answered.end.accept(answer, null);
      }
    }

    private Answer whole() {
      int end = Stamp.indexOf(END_OF_HEAD, bytes, 0, length);
      if (end < 0) {
        return null;
      }
      String head = new String(bytes, 0, end, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
      int named = head.indexOf("content-length:");
      int size = 0;
      if (named >= 0) {
        int stop = head.indexOf('\r', named);
        size = Integer.parseInt(head.substring(named + 15, stop < 0 ? head.length() : stop).trim());
      }
      int body = end + END_OF_HEAD.length;
      if (length < body + size) {
        return null;
      }
      int status = Integer.parseInt(head.substring(9, 12));
      return new Answer(status, new String(bytes, body, size, StandardCharsets.UTF_8));
    }

    void broken(Throwable why) {
      if (over) {
        return;
      }
      over = true;
      open--;
      idle.remove(this);
      if (ctx != null) {
        ctx.close();
      }
      if (request != null) {
        Request lost = request;
        request = null;
        lost.end.accept(null, why);
      }
      Request next = waiting.poll();
      if (next != null) {
        Http.this.start(next);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      broken(new IOException("the server closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken(cause);
    }
  }
}
