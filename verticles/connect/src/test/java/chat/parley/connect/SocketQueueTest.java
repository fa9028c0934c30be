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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a socket is given leaves in order and whole, whichever way it goes. */
class SocketQueueTest {
  private static final int SMALL = 8 * 1024;
  private static final int TURNS = 200;
  private static final int BOUND = 8 * 1024 * 1024;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private ServerSocket listener;
  private Socket peer;
  private Channel channel;
  private Backlog backlog;
  private Outbox outbox;
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
    backlog = new Backlog(BOUND);
    outbox = new Outbox(BOUND, backlog);
    queue = onLoop(() -> new SocketQueue(channel, null, outbox, new Nobody()));
  }

  @AfterEach
  void close() throws Exception {
    channel.close().sync();
    peer.close();
    listener.close();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everythingLeavesInTheOrderInWhichItCame(long seed) throws Exception {
    Random random = new Random(seed);
    List<ByteBuf> shared = new ArrayList<>();
    for (int turn = 0; turn < TURNS; turn++) {
      onLoop(
          () -> {
            if (random.nextInt(3) == 0) {
              // Within the turn: the channel has not heard yet that there is room again.
              readNumbers(peer.getInputStream().available() / Integer.BYTES);
            }
            return oneTurn(random, shared);
          });
      if (turn / 10 % 2 == 1) {
        readNumbers(next - read); // Else the socket fills up.
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
          queue.offer(frames);
          outbox.flush();
          assertThat(queue.bytes()).as("a rest").isPositive();
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
          queue.offer(frames);
          channel.unsafe().close(channel.unsafe().voidPromise());
          outbox.flush();
          queue.offer(frames);
          outbox.flush();
          return null;
        });
    assertThat(frames.refCnt()).isEqualTo(1);
    frames.release();
  }

  @Test
  void nothingIsSentOnADescriptorThatIsAnotherSocketsByThen() throws Exception {
    ByteBuf first = numbers(100);
    ByteBuf second = numbers(100);
    Socket other =
        onLoop(
            () -> {
              queue.offer(first);
              outbox.flush();
              queue.offer(second);
              channel.unsafe().close(channel.unsafe().voidPromise());
              // Gets the number that has just become free.
              Socket next = new Socket(listener.getInetAddress(), listener.getLocalPort());
              outbox.flush();
              return next;
            });
    try (Socket otherPeer = listener.accept()) {
      other.close();
      assertThat(otherPeer.getInputStream().read()).as("the end, and nothing before").isEqualTo(-1);
    }
    assertThat(List.of(first.refCnt(), second.refCnt())).containsExactly(1, 1);
    first.release();
    second.release();
  }

  @Test
  void whatWouldExceedTheBoundIsNotQueued() {
    ByteBuf few = numbers(10);
    ByteBuf most = numbers(BOUND / Integer.BYTES);
    ByteBuf tooMany = numbers(BOUND / Integer.BYTES + 1);
    onLoop(
        () -> {
          assertThat(queue.offer(tooMany)).as("at first").isFalse();
          assertThat(queue.offer(few)).isTrue();
          assertThat(queue.offer(most)).as("behind others").isFalse();
          outbox.flush();
          backlog.look();
          assertThat(queue.offer(few)).isTrue();
          outbox.flush();
          assertThat(queue.offer(tooMany)).as("with nothing before it").isFalse();
          return null;
        });
    assertThat(Stream.of(few, most, tooMany).map(ByteBuf::refCnt)).containsExactly(1, 1, 1);
    List.of(few, most, tooMany).forEach(ByteBuf::release);
  }

  @Test
  void sharedFramesAreHeldOnceUntilTheyAreReleased() {
    SharedFrames held = new SharedFrames();
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
                  queue.offer(frames);
                  outbox.flush();
                  return !channel.isOpen();
                }));
    assertThat(frames.refCnt()).isEqualTo(1);
    frames.release();
  }

  private Void oneTurn(Random random, List<ByteBuf> shared) {
    for (int i = random.nextBoolean() ? 0 : random.nextInt(4); i >= 0; i--) {
      int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 5_000 : 50);
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3, 4, 5 -> {
          ByteBuf frames = numbers(count);
          shared.add(frames);
          assertThat(queue.offer(frames)).isTrue();
        }
        case 6 -> queue.add(numbers(count));
        default -> {
          queue.joinQueue();
          channel.pipeline().firstContext().writeAndFlush(numbers(count));
        }
      }
    }
    outbox.flush();
    if (random.nextInt(3) == 0) {
      backlog.look();
    }
    return null;
  }

  private ByteBuf numbers(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES);
    while (bytes.hasRemaining()) {
      bytes.putInt(next++);
    }
    return ByteBufAllocator.DEFAULT.directBuffer(bytes.capacity()).writeBytes(bytes.flip());
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

  /** Whom it does not concern that there is room again. */
  private static final class Nobody implements SocketQueue.Owner {
    @Override
    public void drained() {}

    @Override
    public void stalled() {}
  }
}
