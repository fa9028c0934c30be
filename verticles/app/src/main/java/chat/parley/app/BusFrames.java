package chat.parley.app;

import chat.parley.bus.ProtoCodec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one connection to the port of the event bus may say: whole messages of the kinds that
 * members of this cluster send each other. Stands before the bus's own parser, which believes every
 * length that it reads: sixty bytes from a stranger would make it ask for two gigabytes, and a JVM
 * without memory ends.
 *
 * <p>A connection that says anything else is closed, as is one that has said nothing whole for one
 * to two {@link #SILENCE_S} (members ping each other three times as often), and one whose
 * unfinished message no longer fits beside those of the others. Belongs to the connection's event
 * loop.
 */
final class BusFrames extends ByteToMessageDecoder {
  static final long SILENCE_S = 60;

  private static final Logger LOG = LoggerFactory.getLogger(BusFrames.class);
  private static final Counter REFUSED = Metrics.counter("parley.cluster.bus.refused");
  private static final long LOG_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final AtomicLong LAST_LOGGED = new AtomicLong(System.nanoTime() - LOG_PAUSE_NANOS);

  // As ClusteredMessage of Vert.x writes them.
  private static final int VERSION = 2;
  private static final int NAMED_CODEC = -1;
  private static final int PING = 1;
  private static final int REPLY_EXCEPTION = 15;
  private static final int NO_HEADERS = 4;

  private static final byte[] OURS = ProtoCodec.NAME.getBytes(StandardCharsets.US_ASCII);

  private final Unfinished unfinished;
  private ScheduledFuture<?> looks;
  private int held;
  private boolean heard;

  /**
   * @param unfinished shared by all connections of the bus
   */
  BusFrames(Unfinished unfinished) {
    this.unfinished = unfinished;
  }

  /** Bytes of messages that are not whole yet, of all connections, and the bound on them. */
  static final class Unfinished {
    private final AtomicLong bytes = new AtomicLong();
    private final long bound;

    Unfinished(long bound) {
      this.bound = bound;
    }

    long bytes() {
      return bytes.get();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    looks =
        ctx.executor().scheduleAtFixedRate(() -> look(ctx), SILENCE_S, SILENCE_S, TimeUnit.SECONDS);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    looks.cancel(false);
    unfinished.bytes.addAndGet(-held);
    held = 0;
  }

  private void look(ChannelHandlerContext ctx) {
    if (!heard) {
      refuse(ctx, "nothing whole was heard for " + SILENCE_S + " s");
    }
    heard = false;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    super.channelRead(ctx, message);
    int now = ctx.isRemoved() ? 0 : actualReadableBytes();
    long all = unfinished.bytes.addAndGet(now - held);
    boolean grown = now > held;
    held = now;
    if (grown && all > unfinished.bound) {
      refuse(ctx, "its message of " + now + " bytes so far does not fit beside the others");
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < Integer.BYTES) {
      return;
    }
    int length = in.getInt(in.readerIndex());
    if (length <= 0 || length > unfinished.bound) {
      in.skipBytes(in.readableBytes());
      refuse(ctx, "a message claims " + length + " bytes");
      return;
    }
    if (in.readableBytes() - Integer.BYTES < length) {
      return;
    }
    String wrong = wrongWith(in.slice(in.readerIndex() + Integer.BYTES, length));
    if (wrong != null) {
      in.skipBytes(in.readableBytes());
      refuse(ctx, wrong);
      return;
    }
    heard = true;
    out.add(in.readRetainedSlice(Integer.BYTES + length));
  }

  private static String wrongWith(ByteBuf message) {
    try {
      if (message.readByte() > VERSION) {
        return "a message has another version than " + VERSION;
      }
      int codec = message.readByte();
      if (codec == NAMED_CODEC ? !isOurs(message) : codec != PING && codec != REPLY_EXCEPTION) {
        return "a message is of a kind that members do not send";
      }
      message.skipBytes(1); // To one or to all.
      skipText(message); // The address,
      skipText(message); // the one for the answer,
      skipText(message); // and the sender.
      if (message.readInt() != NO_HEADERS) {
        return "a message has headers, which members do not send";
      }
      if (codec == REPLY_EXCEPTION) {
        message.skipBytes(1 + Integer.BYTES);
        if (message.readByte() != 0) {
          skipText(message);
        }
      }
      return null;
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return "a message has a field that is longer than the message";
    }
  }

  private static boolean isOurs(ByteBuf message) {
    int length = message.readInt();
    if (length != OURS.length) {
      return false;
    }
    byte[] name = new byte[length];
    message.readBytes(name);
    return Arrays.equals(name, OURS);
  }

  private static void skipText(ByteBuf message) {
    message.skipBytes(message.readInt());
  }

  private static void refuse(ChannelHandlerContext ctx, String why) {
    REFUSED.increment();
    long now = System.nanoTime();
    long last = LAST_LOGGED.get();
    // Whoever can connect could fill the disk otherwise.
    if (now - last >= LOG_PAUSE_NANOS && LAST_LOGGED.compareAndSet(last, now)) {
      LOG.warn(
          "a connection from {} to the port of the cluster's bus is closed: {}",
          ctx.channel().remoteAddress(),
          why);
    }
    ctx.close();
  }
}
