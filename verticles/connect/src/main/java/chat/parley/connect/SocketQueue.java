package chat.parley.connect;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;

/**
 * What goes out through one socket, in the order in which it came: bounded, and flushed once in a
 * turn of the loop. Stands in for the walk past the handlers of the channel's pipeline; only those
 * of TLS have a say in what is written here.
 *
 * <p>Shared frames that find nothing before them, and nothing behind them until the flush, go to
 * the socket in one system call, past the channel's own queue: so it is with nearly every message
 * for nearly every session, and it is the cost of a delivery. Such frames are held by {@link
 * SharedFrames}, so {@link #flush} comes before they are released. On that way nothing is looked at
 * but this object and the socket's descriptor: with thousands of sessions each further one is a
 * wait for memory.
 *
 * <p>Belongs to the channel's event loop.
 */
final class SocketQueue {
  private final Channel channel;
  private final ChannelHandlerContext encoder;
  private final Outbox outbox;
  private final Owner owner;
  private final ChannelPromise silent;
  private final Socket descriptor;
  private ByteBuf alone;

  /** Nothing waits, by all that was written here; the channel's own queue need not be asked. */
  private boolean clear;

  private boolean unflushed;
  private boolean behind;
  private boolean refused;

  /** Whose queue it is. */
  interface Owner {
    /** There is room again. */
    void drained();

    /** Too much waits for all sockets together, and of that as much here as anywhere. */
    void stalled();
  }

  /**
   * @param encoder context whose writes pass what has a say in them; null when there is none
   */
  SocketQueue(Channel channel, ChannelHandlerContext encoder, Outbox outbox, Owner owner) {
    this.channel = channel;
    this.encoder = encoder;
    this.outbox = outbox;
    this.owner = owner;
    this.silent = channel.unsafe().voidPromise();
    this.descriptor =
        encoder == null && channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket
            ? socket
            : null;
  }

  /**
   * Queues frames that others get too, unless that would exceed the bound. The buffer stays the
   * caller's, and unchanged.
   *
   * @return false when there was no room; nothing was queued
   */
  boolean offer(ByteBuf frames) {
    if (clear
        && alone == null
        && frames.readableBytes() <= outbox.bound()
        && frames.hasMemoryAddress()) {
      goAlone(frames);
      return true;
    }
    return offerBehind(frames);
  }

  private boolean offerBehind(ByteBuf frames) {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    if (waiting == null) {
      return true; // Closed: the session is about to hear of it, and needs nothing any more.
    }
    int length = frames.readableBytes();
    if (length > room()) {
      refused = true;
      return false;
    }
    clear = alone == null && !behind && descriptor != null && waiting.totalPendingWriteBytes() == 0;
    if (clear && frames.hasMemoryAddress()) {
      goAlone(frames);
    } else {
      add(frames.retainedDuplicate());
    }
    return true;
  }

  private void goAlone(ByteBuf frames) {
    outbox.shared().hold(frames);
    alone = frames;
    toBeFlushed();
  }

  /**
   * Queues a frame whatever waits already; for answers, of which no more are owed than the wire
   * lets a client ask for. The buffer is the queue's from now on.
   */
  void add(ByteBuf frame) {
    if (behind) {
      outbox.backlog().grew(frame.readableBytes());
    }
    joinQueue();
    write(frame);
    toBeFlushed();
  }

  /** What is written through the pipeline from now on stays behind what was queued here. */
  void joinQueue() {
    clear = false;
    if (alone != null) {
      ByteBuf frames = alone;
      alone = null;
      write(frames.retainedDuplicate());
    }
  }

  private void write(ByteBuf frame) {
    clear = false;
    if (encoder == null) {
      channel.unsafe().write(frame, silent);
    } else {
      encoder.write(frame, silent);
    }
  }

  private void toBeFlushed() {
    if (!unflushed) {
      unflushed = true;
      outbox.add(this);
    }
  }

  /** Everything queued goes to the socket, as far as that takes it; the rest when it does. */
  void flush() {
    unflushed = false;
    boolean left = alone != null ? sendAlone() : flushQueue();
    if ((left || refused) && !behind) {
      // Who was refused only for what was not flushed yet hears of no draining else.
      behind = true;
      clear = false; // What is added from now on is counted.
      outbox.backlog().add(this);
    }
    refused = false;
  }

  private boolean flushQueue() {
    if (encoder == null) {
      channel.unsafe().flush();
    } else {
      encoder.flush();
    }
    return bytes() > 0;
  }

  private boolean sendAlone() {
    ByteBuf frames = alone;
    alone = null;
    if (!descriptor.isOpen()) {
      return false;
    }
    int length = frames.readableBytes();
    int sent;
    try {
      sent =
          descriptor.sendAddress(
              frames.memoryAddress(), frames.readerIndex(), frames.writerIndex());
    } catch (IOException broken) {
      channel.unsafe().close(silent);
      return false;
    }
    if (sent == length) {
      return false;
    }
    write(frames.retainedSlice(frames.readerIndex() + sent, length - sent));
    return flushQueue();
  }

  /** Bytes that wait, with what the channel counts for itself. */
  long bytes() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting == null
        ? 0
        : waiting.totalPendingWriteBytes() + (alone == null ? 0 : alone.readableBytes());
  }

  /** Bytes that may still be queued. */
  long room() {
    return outbox.bound() - bytes();
  }

  /** Whether the queue is short enough to be filled again. */
  boolean drained() {
    return channel.isWritable() && room() > outbox.bound() / 2;
  }

  /** Tells the owner if the queue has become short without the channel's saying so. */
  void drainedMaybe() {
    if (drained()) {
      owner.drained();
    }
  }

  /** Nothing waits for the socket any more. */
  void caughtUp() {
    behind = false;
    drainedMaybe();
  }

  /** Too much waits, here and elsewhere. */
  void stalled() {
    owner.stalled();
  }
}
