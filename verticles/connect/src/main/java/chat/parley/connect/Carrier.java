package chat.parley.connect;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Handler;
import io.vertx.core.internal.ContextInternal;
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
abstract class Carrier extends ChannelInboundHandlerAdapter implements Handler<Object> {
  private final ContextInternal context;
  private final Outbox outbox;
  private Session session;
  private WireFormat format;
  private ChannelHandlerContext ctx;
  private ChannelHandlerContext below;
  private SocketQueue socket;
  private ChannelPromise silent;
  private boolean unflushed;
  private boolean stopped;

  Carrier(WireFormat format, Bucket bucket) {
    this.format = format;
    this.context = bucket.context();
    this.outbox = bucket.outbox();
    this.session = format.v2() ? new V2Session(this, bucket) : new V1Session(this, bucket);
  }

  final WireFormat format() {
    return format;
  }

  final Session session() {
    return session;
  }

  /** Another session takes the socket over, of another wire. */
  final void become(WireFormat newFormat, Session newSession) {
    format = newFormat;
    session = newSession;
  }

  final ChannelHandlerContext ctx() {
    return ctx;
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
    context.dispatch(reason, why -> session.close(why));
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

  /** Reads no more until {@link #resume}. */
  void pause() {
    stopped = true;
    ctx.channel().config().setAutoRead(false);
  }

  void resume() {
    stopped = false;
    readOn();
  }

  private void readOn() {
    if (!stopped && !Strangers.holds(ctx.channel())) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  /**
   * Queues frames, unless that would exceed the bound. The buffer stays the caller's.
   *
   * @return false when there was no room; nothing was queued
   */
  final boolean offer(ByteBuf frames) {
    if (ctx.channel().unsafe().outboundBuffer() == null) {
      return true; // Closed: the session is about to hear of it, and needs nothing any more.
    }
    if (queued() + frames.readableBytes() > outbox.bound()) {
      return false;
    }
    if (socket != null) {
      socket.share(frames);
    } else {
      below.write(frames.retainedDuplicate(), silent);
    }
    toBeFlushed();
    return true;
  }

  /**
   * Queues a frame whatever waits already; for answers, of which no more are owed than the wire
   * lets a client ask for. The buffer is the carrier's from now on.
   */
  final void queue(ByteBuf frame) {
    if (socket != null) {
      socket.add(frame);
    } else {
      below.write(frame, silent);
    }
    toBeFlushed();
  }

  private void toBeFlushed() {
    if (!unflushed) {
      unflushed = true;
      outbox.add(this);
    }
  }

  /** Writes a frame that is made for this socket alone, and flushes. */
  final void write(ByteBuf frame) {
    joinQueue();
    below.writeAndFlush(frame, silent);
  }

  /** Writes the last frame; the socket is closed when it is out. */
  final void writeLast(ByteBuf frame) {
    joinQueue();
    below.writeAndFlush(frame).addListener(written -> abort());
  }

  /** What goes through the pipeline stays behind what was queued past it. */
  private void joinQueue() {
    if (socket != null) {
      socket.joinQueue();
    }
  }

  final void flush() {
    unflushed = false;
    if (socket != null) {
      socket.flush();
    } else {
      below.flush();
    }
  }

  /** Bytes that may still be queued. */
  final long room() {
    return outbox.bound() - queued();
  }

  final long queued() {
    if (socket != null) {
      return socket.bytes();
    }
    ChannelOutboundBuffer queue = ctx.channel().unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  /** Whether the queue is short enough to be filled again. */
  final boolean drained() {
    return ctx.channel().isWritable();
  }

  /**
   * Closes at once, below Vert.x's own ceremony, and without TLS's goodbye when there are bytes in
   * its way that nobody reads.
   */
  final void abort() {
    if (queued() == 0) {
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
    // Without TLS nothing below has a say in what goes out: instead of walking past it for each
    // session, frames are written straight to the socket's queue.
    socket = own.pipeline().get(SslHandler.class) == null ? new SocketQueue(channel) : null;
    channel.config().setWriteBufferWaterMark(outbox.waterMark());
    Strangers.speaksBy(this, channel);
  }

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    context.dispatch(message, this);
  }

  @Override
  public final void handle(Object message) {
    received(message);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext own) {
    if (own.channel().isWritable()) {
      context.dispatch(v -> session.drained());
    }
    own.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    context.dispatch(v -> session.gone());
    own.fireChannelInactive();
  }

  @Override
  public final void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
    context.dispatch(cause, this::broken);
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
