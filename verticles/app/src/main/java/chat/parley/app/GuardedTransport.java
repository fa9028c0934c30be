package chat.parley.app;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The sockets of Vert.x, with {@link BusFrames} before the event bus's. Vert.x makes the server of
 * its bus by itself, before it has started and anybody else can make one, and has no setting for
 * what a peer may send; here is where every server comes by.
 */
final class GuardedTransport implements Transport {
  private final Transport sockets;
  private final Guard guard;
  private final AtomicBoolean busMade = new AtomicBoolean();

  private GuardedTransport(Transport sockets, BusFrames.Unfinished unfinished) {
    this.sockets = sockets;
    this.guard = new Guard(unfinished);
  }

  /**
   * The native sockets where there are any.
   *
   * @param unfinished bound on what may wait on all connections of the bus
   */
  static io.vertx.core.transport.Transport over(BusFrames.Unfinished unfinished) {
    io.vertx.core.transport.Transport there = io.vertx.core.transport.Transport.nativeTransport();
    io.vertx.core.transport.Transport chosen =
        there != null && there.available() ? there : io.vertx.core.transport.Transport.NIO;
    Transport guarded = new GuardedTransport(chosen.implementation(), unfinished);
    return new Named(chosen.name(), guarded);
  }

  private record Named(String name, Transport implementation)
      implements io.vertx.core.transport.Transport {
    @Override
    public boolean available() {
      return true;
    }

    @Override
    public Throwable unavailabilityCause() {
      return null;
    }
  }

  /** Gives each connection that is accepted its frames, before Vert.x adds what it needs. */
  @Sharable
  private static final class Guard extends ChannelInboundHandlerAdapter {
    private final BusFrames.Unfinished unfinished;

    Guard(BusFrames.Unfinished unfinished) {
      this.unfinished = unfinished;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
      ((Channel) accepted).pipeline().addLast(new BusFrames(unfinished));
      ctx.fireChannelRead(accepted);
    }
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    sockets.configure(options, domainSocket, bootstrap);
    // By TLS members show who they are, and what is read here means nothing.
    if (busMade.compareAndSet(false, true) && !options.isSsl()) {
      bootstrap.handler(guard);
    }
  }

  @Override
  public void configure(
      ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
    sockets.configure(options, connectTimeout, domainSocket, bootstrap);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    sockets.configure(channel, options);
  }

  @Override
  public boolean supportsDomainSockets() {
    return sockets.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return sockets.supportFileRegion();
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return sockets.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return sockets.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return sockets.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
    return sockets.eventLoopGroup(type, threads, factory, ioRatio);
  }

  @Override
  public DatagramChannel datagramChannel() {
    return sockets.datagramChannel();
  }

  @Override
  @SuppressWarnings("deprecation")
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return sockets.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return sockets.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return sockets.serverChannelFactory(domainSocket);
  }
}
