package chat.parley.connect;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Handler;
import io.vertx.core.net.impl.ShutdownEvent;

/**
 * The socket of a session. Stands in the channel's pipeline in the place of Vert.x's own handler:
 * Vert.x accepts and upgrades, from then on the socket is ours. So nothing that is written here can
 * be mixed up with what Vert.x queues, a batch that is encoded already goes to the socket as it is,
 * and what Vert.x kept for the connection is given back. Vert.x's server still knows the channel,
 * waits for it when it shuts down, and closes it in the end.
 *
 * <p>Belongs to the channel's event loop, which is the bucket's.
 */
abstract class Carrier extends ChannelInboundHandlerAdapter
    implements Handler<Object>, SocketQueue.Owner {
  private final Bucket bucket;
  private WireFormat format;
  private Session session;
  private ChannelHandlerContext ctx;
  private ChannelHandlerContext below;
  private SocketQueue out;
  private ChannelPromise silent;
  private boolean readsNoMore;
  private boolean pausable = true;
  private int pauses;

  /** Why a socket is not read. */
  enum Pause {
    /** What was answered waits in the queue. */
    UNREAD_ANSWERS,
    /** What was sent waits to be accepted. */
    UNSENT,
    /** More came than may. */
    TOO_FAST;

    private final int bit = 1 << ordinal();
  }

  Carrier(WireFormat format, Bucket bucket) {
    this.bucket = bucket;
    this.format = format;
  }

  final Bucket bucket() {
    return bucket;
  }

  final WireFormat format() {
    return format;
  }

  final Session session() {
    return session;
  }

  /** The client speaks another wire than was thought: another session takes the socket over. */
  final void become(WireFormat spoken) {
    Session before = session;
    format = spoken;
    session = newSession();
    bucket.replace(before, session);
  }

  private Session newSession() {
    return format.v2() ? new V2Session(this, bucket) : new V1Session(this, bucket);
  }

  final ChannelHandlerContext ctx() {
    return ctx;
  }

  /** What goes out. */
  final SocketQueue out() {
    return out;
  }

  /**
   * From now on the channel is this carrier's, in the turn of the loop in which it was Vert.x's.
   */
  final void takePlaceOf(ChannelHandlerContext handler) {
    handler.pipeline().addBefore(handler.name(), "session", this).remove(handler.handler());
  }

  /** The context whose writes pass no encoder. */
  abstract ChannelHandlerContext belowEncoders(ChannelHandlerContext own);

  /** The client has shown who it is. */
  final void known() {
    Strangers.remove(ctx.channel());
    readOn();
  }

  /** A client that is not known is sent away. */
  final void refuse(CloseReason reason) {
    bucket.context().dispatch(reason, why -> session.close(why));
  }

  /** Something read; dispatched on the bucket's context, released afterwards by the caller. */
  abstract void received(Object message);

  abstract void ping();

  /**
   * Closes as the carrier can, behind what is queued; the bucket sees to it that it does not take
   * long.
   *
   * @param code of a WebSocket's close frame
   * @param text ASCII of at most 123 bytes
   */
  abstract void close(int code, String text);

  /** Reads no more until {@link #resume} was called for every pause. */
  final void pause(Pause why) {
    if (pausable) {
      pauses |= why.bit;
    }
    ctx.channel().config().setAutoRead(false);
  }

  final void resume(Pause why) {
    boolean before = paused();
    pauses &= ~why.bit;
    if (before && !paused()) {
      readOn();
    }
  }

  final boolean paused() {
    return pauses != 0;
  }

  /** From now on nothing pauses: what was read is to be dealt with, whatever waits. */
  final void pauseNoMore() {
    pausable = false;
    pauses = 0;
  }

  /** Reads again, unless no more is to be read, or not before it is known who it is. */
  void readOn() {
    if (!readsNoMore && !paused() && !Strangers.holds(ctx.channel())) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  /** Takes nothing more off the socket until {@link #readToEnd}, whoever resumes. */
  final void readNoMore() {
    readsNoMore = true;
    ctx.channel().config().setAutoRead(false);
  }

  /** Reads again what the client still sends, so that its end is seen. */
  final void readToEnd() {
    readsNoMore = false;
    if (!resumesByItself()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  /** Whether reading pauses until what was read has been dealt with. */
  boolean resumesByItself() {
    return false;
  }

  /** Writes a frame that is made for this socket alone, and flushes. */
  final void write(ByteBuf frame) {
    out.joinQueue();
    below.writeAndFlush(frame, silent);
  }

  /** Writes the last frame; the socket is closed when it is out. */
  final void writeLast(ByteBuf frame) {
    written(frame).addListener(out -> abort());
  }

  /** Writes a frame, which may be empty; the future says when everything until it is out. */
  final ChannelFuture written(ByteBuf frame) {
    out.joinQueue();
    return below.writeAndFlush(frame);
  }

  @Override
  public final void drained() {
    session.drained();
  }

  /** A goodbye would wait behind what is not read. */
  @Override
  public final void stalled() {
    session.close(CloseReason.STALLED);
    abort();
  }

  /**
   * Closes at once, below Vert.x's own ceremony, and without TLS's goodbye when there are bytes in
   * its way that nobody reads.
   */
  final void abort() {
    if (out.bytes() == 0) {
      below.close();
    } else {
      ctx.channel().unsafe().close(silent);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) {
    Channel channel = own.channel();
    ctx = own;
    below = belowEncoders(own);
    silent = channel.unsafe().voidPromise();
    boolean tls = own.pipeline().get(SslHandler.class) != null;
    out = new SocketQueue(channel, tls ? below : null, bucket.outbox(), this);
    channel.config().setWriteBufferWaterMark(bucket.outbox().waterMark());
    session = newSession();
    Strangers.speaksBy(this, channel);
  }

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    bucket.context().dispatch(message, this);
  }

  @Override
  public final void handle(Object message) {
    received(message);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext own) {
    if (own.channel().isWritable()) {
      bucket.context().dispatch(v -> session.drained());
    }
    own.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    bucket.context().dispatch(v -> gone());
    own.fireChannelInactive();
  }

  /** The socket is closed; nothing more is read or written. */
  void gone() {
    session.gone();
  }

  @Override
  public final void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    bucket.context().dispatch(cause, this::broken);
  }

  /** A socket that breaks is an everyday event; its channelInactive follows. */
  void broken(Throwable cause) {
    abort();
  }

  /** A stopping server says goodbye through the bucket, with a reason, not through Vert.x. */
  @Override
  public void userEventTriggered(ChannelHandlerContext own, Object event) {
    if (!(event instanceof ShutdownEvent)) {
      own.fireUserEventTriggered(event);
    }
  }
}
