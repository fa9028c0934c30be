package chat.parley.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * What clients sent while the process stood still is held back for a moment after it, until it is
 * known whether they hung up behind it: who did has asked somebody else meanwhile, and an old login
 * or leave would undo what was done there (docs/adr/0027). First in the pipelines of all
 * connections that are accepted from clients.
 */
@Sharable
final class HeldBack extends ChannelInboundHandlerAdapter {
  /** The end of a connection is read at once behind its last bytes. */
  static final long MOMENT_MS = 50;

  /** Who sends more in this time is there. */
  static final int MOST_BYTES = 256 * 1024;

  private static final AttributeKey<Held> HELD = AttributeKey.valueOf("parley.held-back");
  private static final Counter UNREAD = Metrics.counter("parley.standstills.unread");

  private final Standstill standstill;

  HeldBack(Standstill standstill) {
    this.standstill = standstill;
  }

  private static final class Held {
    private final ArrayDeque<Object> messages = new ArrayDeque<>();
    private int bytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Held held = ctx.channel().attr(HELD).get();
    if (held == null) {
      if (!standstill.justEnded()) {
        ctx.fireChannelRead(message);
        return;
      }
      held = new Held();
      ctx.channel().attr(HELD).set(held);
      ctx.executor().schedule(() -> letGo(ctx), MOMENT_MS, TimeUnit.MILLISECONDS);
    }
    held.messages.add(message);
    held.bytes += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    if (held.bytes > MOST_BYTES) {
      letGo(ctx);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (ctx.channel().attr(HELD).get() == null) {
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Held held = ctx.channel().attr(HELD).getAndSet(null);
    if (held != null) {
      UNREAD.increment();
      held.messages.forEach(ReferenceCountUtil::release);
    }
    ctx.fireChannelInactive();
  }

  private static void letGo(ChannelHandlerContext ctx) {
    Held held = ctx.channel().attr(HELD).getAndSet(null);
    if (held != null) {
      held.messages.forEach(ctx::fireChannelRead);
      ctx.fireChannelReadComplete();
    }
  }
}
