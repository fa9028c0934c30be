package chat.parley.connect;

import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.List;

/**
 * The sockets of a bucket that have been written to and not flushed: what arrives for a socket in
 * one turn of the loop leaves in one system call.
 *
 * <p>Belongs to one event loop.
 */
final class Outbox {
  /** Room for the largest frame in the half of a short queue that is free when it has drained. */
  private static final int SHORT = ConnectSettings.SMALLEST_QUEUE;

  private final List<SocketQueue> unflushed = new ArrayList<>();
  private final SharedFrames shared = new SharedFrames();
  private final int bound;
  private final Backlog backlog;
  private final WriteBufferWaterMark waterMark;
  private boolean held;

  /**
   * @param bound most bytes that may wait for one socket
   * @param backlog of all of them
   */
  Outbox(int bound, Backlog backlog) {
    this.bound = bound;
    this.backlog = backlog;
    // A queue over its bound is over the high mark too, so its draining is always heard of.
    this.waterMark = new WriteBufferWaterMark(bound / 4, bound / 2);
  }

  /** Most bytes that may wait for one socket at this moment. */
  int bound() {
    return backlog.tight() ? SHORT : bound;
  }

  Backlog backlog() {
    return backlog;
  }

  /** Held until the next flush has ended. */
  SharedFrames shared() {
    return shared;
  }

  WriteBufferWaterMark waterMark() {
    return waterMark;
  }

  void add(SocketQueue queue) {
    unflushed.add(queue);
  }

  /** Nothing is flushed until {@link #release}: more is to come for the same sockets. */
  void hold() {
    held = true;
  }

  void release() {
    held = false;
    flush();
  }

  void flush() {
    if (!held) {
      for (int i = 0; i < unflushed.size(); i++) {
        unflushed.get(i).flush();
      }
      unflushed.clear();
      shared.release();
    }
  }
}
