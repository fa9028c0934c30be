package chat.parley.connect;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * What connections may send before it is known who they are: each one a frame, then it is read no
 * further, and all of a bucket together no more than the process can hold. What fits a join or an
 * ordinary Hello is not counted, so that those come in while somebody sends only large ones.
 *
 * <p>Whatever is done with the bytes, they were counted when they came and are until the client is
 * known or gone. Belongs to one event loop.
 */
final class Strangers {
  /** A request to upgrade with a browser's headers, and a Hello. */
  static final int UNCOUNTED = 4 * 1024;

  private final int mostOfOne;
  private final long mostOfAll;
  private long counted;

  Strangers(ConnectSettings settings) {
    this.mostOfOne = settings.maxFrameBytes() + UNCOUNTED;
    this.mostOfAll = settings.maxStrangerBytes();
  }

  /** A connection was accepted. One that sends too much is closed, until it has a session. */
  void add(Channel channel) {
    channel.pipeline().addFirst(new Stranger());
  }

  /** From now on it is told why, and waits with what it has to say until it is known. */
  static void speaksBy(Carrier carrier, Channel channel) {
    Stranger stranger = channel.pipeline().get(Stranger.class);
    if (stranger != null) {
      stranger.carrier = carrier;
    }
  }

  /** Whether the connection is not to be read until it is known who it is. */
  static boolean holds(Channel channel) {
    Stranger stranger = channel.pipeline().get(Stranger.class);
    return stranger != null && stranger.held;
  }

  /** It is known who is at the other end, or nobody is. Repeating it is harmless. */
  static void remove(Channel channel) {
    Stranger stranger = channel.pipeline().get(Stranger.class);
    if (stranger != null) {
      channel.pipeline().remove(stranger);
    }
  }

  private final class Stranger extends ChannelInboundHandlerAdapter {
    private Carrier carrier;
    private long sent;
    private boolean held;

    @Override
    public void channelRead(ChannelHandlerContext own, Object message) {
      count(message instanceof ByteBuf bytes ? bytes.readableBytes() : 0);
      if (counts() > 0 && counted > mostOfAll) {
        ReferenceCountUtil.release(message);
        refuse(own);
        return;
      }
      if (sent > mostOfOne) {
        if (carrier == null) {
          ReferenceCountUtil.release(message);
          own.close();
          return;
        }
        held = true;
        own.channel().config().setAutoRead(false);
      }
      own.fireChannelRead(message);
    }

    private void count(int bytes) {
      counted -= counts();
      sent += bytes;
      counted += counts();
    }

    private long counts() {
      return Math.max(0, sent - UNCOUNTED);
    }

    private void refuse(ChannelHandlerContext own) {
      if (carrier == null) {
        own.close();
      } else {
        carrier.refuse(CloseReason.OVERLOADED);
      }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext own) {
      count((int) -sent);
    }
  }
}
