package chat.parley.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Two event loops: one has every socket of the members and everything that is counted, one posts by
 * HTTP, so that a burst that is being read does not make the next post late.
 */
final class Loops implements AutoCloseable {
  private static final int CONNECT_WITHIN_MS = 20_000;

  private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, io());
  private final EventLoop sockets = group.next();
  private final EventLoop posts = group.next();

  /** epoll where there is one. */
  static IoHandlerFactory io() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  static Class<? extends ServerChannel> serverChannel() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  EventLoop sockets() {
    return sockets;
  }

  EventLoop posts() {
    return posts;
  }

  static Bootstrap client(EventLoop loop) {
    Class<? extends Channel> channel =
        Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
    return new Bootstrap()
        .group(loop)
        .channel(channel)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_WITHIN_MS);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
