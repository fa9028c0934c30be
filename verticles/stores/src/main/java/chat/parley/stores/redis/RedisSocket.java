package chat.parley.stores.redis;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.ParserHandler;
import io.vertx.redis.client.impl.RESPParser;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeoutException;

/**
 * One connection to Redis: commands submitted in one turn of the event loop leave in one buffer,
 * replies come back in order, and an error reply is a value for its own command only.
 *
 * <p>Why not the client's own connection: its {@code batch} fails all of its commands when one
 * reply is an error, and its {@code send} is one system call for each command. The parser of
 * replies is the client's.
 *
 * <p>Belongs to one event loop; every method is called there.
 */
final class RedisSocket implements ParserHandler {
  private static final int NESTING = 8;
  private static final byte[] CRLF = {'\r', '\n'};

  private final ContextInternal context;
  private final NetSocket socket;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private Buffer turn;
  private boolean closed;
  private Handler<Throwable> onClose = cause -> {};

  /** A command whose reply has not come. */
  private record Pending(Promise<Response> promise, long deadlineNanos) {}

  RedisSocket(ContextInternal context, NetSocket socket) {
    this.context = context;
    this.socket = socket;
    socket
        .handler(new RESPParser(this, NESTING))
        .exceptionHandler(this::close)
        .closeHandler(v -> close(new ClosedChannelException()));
  }

  /** Called once, after the commands under way have failed. */
  void onClose(Handler<Throwable> handler) {
    onClose = handler;
  }

  int inFlight() {
    return pending.size();
  }

  /**
   * Submits a command.
   *
   * @param command as {@link #encoded} makes it
   * @return the reply, an error reply included; fails when the connection ends first, and then
   *     whether the command took place is unknown
   */
  Future<Response> submit(byte[] command, long deadlineNanos) {
    Promise<Response> promise = Promise.promise();
    if (closed) {
      promise.fail(new ClosedChannelException());
      return promise.future();
    }
    if (turn == null) {
      turn = Buffer.buffer(512);
      context.runOnContext(v -> flush());
    }
    turn.appendBytes(command);
    pending.add(new Pending(promise, deadlineNanos));
    return promise.future();
  }

  /** Ends the connection when its oldest command has waited longer than it may. */
  void endIfLate(long nowNanos) {
    Pending oldest = pending.peek();
    if (oldest != null && nowNanos - oldest.deadlineNanos > 0) {
      close(new TimeoutException("no reply in time"));
    }
  }

  /** Ends the connection and fails what is under way. */
  void close(Throwable cause) {
    if (closed) {
      return;
    }
    closed = true;
    socket.close();
    for (Pending p = pending.poll(); p != null; p = pending.poll()) {
      p.promise.fail(cause);
    }
    onClose.handle(cause);
  }

  @Override
  public void handle(Response reply) {
    Pending p = pending.poll();
    if (p != null) {
      p.promise.complete(reply);
    } else if (!closed) {
      close(new IllegalStateException("Redis answered what nobody asked"));
    }
  }

  @Override
  public void fail(Throwable malformed) {
    close(malformed);
  }

  /**
   * A command as Redis reads it.
   *
   * @param args strings, numbers and byte arrays, the command's name first
   */
  static byte[] encoded(Object... args) {
    byte[][] parts = new byte[args.length][];
    int size = headerSize(args.length);
    for (int i = 0; i < args.length; i++) {
      parts[i] =
          args[i] instanceof byte[] raw ? raw : args[i].toString().getBytes(StandardCharsets.UTF_8);
      size += headerSize(parts[i].length) + parts[i].length + CRLF.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    header(out, '*', args.length);
    for (byte[] part : parts) {
      header(out, '$', part.length);
      out.put(part).put(CRLF);
    }
    return out.array();
  }

  private static int headerSize(int length) {
    return 1 + digits(length) + CRLF.length;
  }

  private static int digits(int length) {
    int digits = 1;
    for (int rest = length / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private static void header(ByteBuffer out, char type, int length) {
    out.put((byte) type);
    int end = out.position() + digits(length);
    int rest = length;
    for (int at = end - 1; at >= out.position(); at--) {
      out.put(at, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    out.position(end).put(CRLF);
  }

  private void flush() {
    Buffer full = turn;
    turn = null;
    if (!closed) {
      socket.write(full);
    }
  }
}
