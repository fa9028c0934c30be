package chat.parley.connect;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;

/**
 * What goes out through one plain socket, in the order in which it came. Stands in for the walk
 * past the handlers of the channel's pipeline, none of which has a say in what is written here.
 *
 * <p>Shared frames that find nothing before them, and nothing behind them until the flush, go to
 * the socket in one system call, past the channel's own queue: so it is with nearly every message
 * for nearly every session, and it is the cost of a delivery. Such frames are held by {@link
 * SharedFrames}, so {@link #flush} comes before they are released.
 *
 * <p>Belongs to the channel's event loop.
 */
final class SocketQueue {
  private final Channel.Unsafe queue;
  private final ChannelPromise silent;
  private final Socket descriptor;
  private final SharedFrames shared;
  private ByteBuf alone;

  SocketQueue(Channel channel, SharedFrames shared) {
    this.shared = shared;
    this.queue = channel.unsafe();
    this.silent = queue.voidPromise();
    this.descriptor =
        channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket ? socket : null;
  }

  /** Bytes that wait, with what the channel counts for itself. */
  long bytes() {
    ChannelOutboundBuffer waiting = queue.outboundBuffer();
    return waiting == null ? 0 : bytes(waiting);
  }

  private long bytes(ChannelOutboundBuffer waiting) {
    return waiting.totalPendingWriteBytes() + (alone == null ? 0 : alone.readableBytes());
  }

  /** Queues frames that others get too: the buffer stays the caller's, and unchanged. */
  void share(ByteBuf frames) {
    ChannelOutboundBuffer waiting = queue.outboundBuffer();
    if (descriptor != null
        && waiting != null
        && bytes(waiting) == 0
        && frames.isReadable()
        && frames.hasMemoryAddress()) {
      shared.hold(frames);
      alone = frames;
    } else {
      add(frames.retainedDuplicate());
    }
  }

  /** Queues a buffer, which is this queue's from now on. */
  void add(ByteBuf frame) {
    joinQueue();
    queue.write(frame, silent);
  }

  /**
   * Everything queued goes to the socket, as far as that takes it; the rest when it does.
   *
   * @return whether there is a rest
   */
  boolean flush() {
    if (alone != null) {
      return sendAlone();
    }
    queue.flush();
    return bytes() > 0;
  }

  /** Closes at once, whatever waits. */
  void close() {
    queue.close(silent);
  }

  private boolean sendAlone() {
    ByteBuf frames = alone;
    alone = null;
    if (queue.outboundBuffer() == null) {
      return false;
    }
    int length = frames.readableBytes();
    int sent;
    try {
      sent =
          descriptor.sendAddress(
              frames.memoryAddress(), frames.readerIndex(), frames.writerIndex());
    } catch (IOException broken) {
      close();
      return false;
    }
    if (sent == length) {
      return false;
    }
    queue.write(frames.retainedSlice(frames.readerIndex() + sent, length - sent), silent);
    queue.flush();
    return true;
  }

  /** What was to go alone is followed by more before the flush: it takes its place in the queue. */
  void joinQueue() {
    if (alone != null) {
      ByteBuf frames = alone;
      alone = null;
      queue.write(frames.retainedDuplicate(), silent);
    }
  }
}
