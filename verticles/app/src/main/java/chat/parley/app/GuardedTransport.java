package chat.parley.app;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
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
import java.util.function.Supplier;

/**
 * The sockets of Vert.x, with {@link BusFrames} before the event bus's and {@link HeldBack} before
 * those of all other servers. Vert.x makes the server of its bus by itself, before it has started
 * and anybody else can make one, and has no setting for what a peer may send; here is where every
 * server comes by.
 */
final class GuardedTransport implements Transport {
  private final Transport sockets;
  private final First beforeBus;
  private final First beforeOthers;
  private final AtomicBoolean busMade;

  private GuardedTransport(Transport sockets, BusFrames.Unfinished unfinished) {
    this.sockets = sockets;
    HeldBack heldBack = new HeldBack(Standstill.watched());
    this.busMade = new AtomicBoolean(unfinished == null);
    this.beforeBus = new First(() -> new BusFrames(unfinished));
    this.beforeOthers = new First(() -> heldBack);
  }

  /**
   * The native sockets where there are any.
   *
   * @param unfinished bound on what may wait on all connections of the bus
   */
  static io.vertx.core.transport.Transport over(BusFrames.Unfinished unfinished) {
    return guarded(unfinished);
  }

  /** For a Vert.x that is in no cluster, and so has no server of a bus. */
  static io.vertx.core.transport.Transport withoutBus() {
    return guarded(null);
  }

  private static io.vertx.core.transport.Transport guarded(BusFrames.Unfinished unfinished) {
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

  /** Gives each connection that is accepted a handler, before Vert.x adds what it needs. */
  @Sharable
  private static final class First extends ChannelInboundHandlerAdapter {
    private final Supplier<ChannelHandler> handler;

    First(Supplier<ChannelHandler> handler) {
      this.handler = handler;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
      ((Channel) accepted).pipeline().addLast(handler.get());
      ctx.fireChannelRead(accepted);
    }
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    sockets.configure(options, domainSocket, bootstrap);
    if (!busMade.compareAndSet(false, true)) {
      bootstrap.handler(beforeOthers);
    } else if (!options.isSsl()) {
      // By TLS members show who they are, and what is read here means nothing.
      bootstrap.handler(beforeBus);
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
