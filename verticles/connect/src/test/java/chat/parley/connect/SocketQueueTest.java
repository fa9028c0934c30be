package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a socket is given leaves in order and whole, whichever way it goes. */
class SocketQueueTest {
  private static final int SMALL = 8 * 1024;
  private static final int TURNS = 200;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private ServerSocket listener;
  private Socket peer;
  private Channel channel;
  private SharedFrames held;
  private SocketQueue queue;

  /** Numbers 0, 1, 2, … in what is written. */
  private int next;

  private int read;

  @BeforeEach
  void connect() throws Exception {
    listener = new ServerSocket();
    listener.setReceiveBufferSize(SMALL);
    listener.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    channel =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.SO_SNDBUF, SMALL)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(listener.getLocalSocketAddress())
            .sync()
            .channel();
    peer = listener.accept();
    held = new SharedFrames();
    queue = onLoop(() -> new SocketQueue(channel, held));
  }

  @AfterEach
  void close() throws Exception {
    channel.close().sync();
    peer.close();
    listener.close();
    loop.shutdownGracefully().sync();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everythingLeavesInTheOrderInWhichItCame(long seed) throws Exception {
    Random random = new Random(seed);
    List<ByteBuf> shared = new ArrayList<>();
    for (int turn = 0; turn < TURNS; turn++) {
      onLoop(() -> oneTurn(random, shared));
      if (turn == TURNS / 2) {
        readNumbers(next / 2); // Until here nobody has read: the socket was full.
      }
    }
    readNumbers(next - read);
    Await.until("all is written", () -> shared.stream().allMatch(frames -> frames.refCnt() == 1));
    shared.forEach(ByteBuf::release);
  }

  /** A smaller one the system takes whole, whatever the size of the socket's buffer. */
  @Test
  void sharedFramesThatTheSocketTakesAPartOfLeaveWhole() throws Exception {
    ByteBuf frames = numbers(1_000_000);
    onLoop(
        () -> {
          queue.share(frames);
          assertThat(queue.flush()).as("a rest").isTrue();
          held.release();
          return null;
        });
    assertThat(frames.refCnt()).as("the rest's").isEqualTo(2);
    readNumbers(1_000_000);
    Await.until("all is written", () -> frames.refCnt() == 1);
    frames.release();
  }

  @Test
  void sharedFramesAreGivenBackWhenTheSocketIsGone() throws Exception {
    ByteBuf frames = numbers(100);
    onLoop(
        () -> {
          queue.share(frames);
          queue.close();
          flush();
          queue.share(frames);
          flush();
          return null;
        });
    assertThat(frames.refCnt()).isEqualTo(1);
    frames.release();
  }

  @Test
  void sharedFramesAreHeldOnceUntilTheyAreReleased() {
    ByteBuf first = numbers(1);
    ByteBuf second = numbers(1);
    for (int i = 0; i < 10; i++) {
      held.hold(first);
      held.hold(second);
    }
    assertThat(List.of(first.refCnt(), second.refCnt())).containsExactly(2, 2);
    held.release();
    assertThat(List.of(first.refCnt(), second.refCnt())).containsExactly(1, 1);
    first.release();
    second.release();
  }

  @Test
  void aBrokenSocketIsClosed() throws Exception {
    peer.setSoLinger(true, 0);
    peer.close();
    ByteBuf frames = numbers(100);
    Await.until(
        "it is closed",
        () ->
            onLoop(
                () -> {
                  queue.share(frames);
                  flush();
                  return !channel.isOpen();
                }));
    assertThat(frames.refCnt()).isEqualTo(1);
    frames.release();
  }

  private Void oneTurn(Random random, List<ByteBuf> shared) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 5_000 : 50);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          ByteBuf frames = numbers(count);
          shared.add(frames);
          queue.share(frames);
        }
        case 2 -> queue.add(numbers(count));
        default -> {
          queue.joinQueue();
          channel.pipeline().firstContext().writeAndFlush(numbers(count));
        }
      }
    }
    flush();
    return null;
  }

  private void flush() {
    queue.flush();
    held.release();
  }

  private ByteBuf numbers(int count) {
    ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(4 * count);
    for (int i = 0; i < count; i++) {
      bytes.writeInt(next++);
    }
    return bytes;
  }

  private void readNumbers(int count) throws IOException {
    DataInputStream in = new DataInputStream(peer.getInputStream());
    for (int i = 0; i < count; i++) {
      assertThat(in.readInt()).isEqualTo(read++);
    }
  }

  private <T> T onLoop(Callable<T> step) {
    try {
      return channel.eventLoop().submit(step).get();
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
