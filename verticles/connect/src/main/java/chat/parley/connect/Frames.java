package chat.parley.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Frames of one wire format, one after another in one direct buffer. */
final class Frames {
  private static final int USUAL_FRAME = 256;

  private final ByteBuf bytes;
  private final int[] ends;
  private int count;

  Frames(int capacity) {
    bytes = ByteBufAllocator.DEFAULT.directBuffer(capacity * USUAL_FRAME);
    ends = new int[capacity];
  }

  /**
   * Appends a frame. A body that the format cannot carry leaves no frame: such a message is refused
   * at its sender, and must not break this connection's framing should one come all the same.
   */
  void add(WireFormat format, ByteBuf body) {
    int length = body.readableBytes();
    if (format.fits(length)) {
      format.header(bytes, length);
      bytes.writeBytes(body);
    }
    ends[count++] = bytes.writerIndex();
  }

  /** The frames from {@code from} to {@code to}, not retained. */
  ByteBuf view(int from, int to) {
    int start = start(from);
    return start == 0 && to == count ? bytes : bytes.slice(start, ends[to - 1] - start);
  }

  int fitting(int from, long room) {
    int start = start(from);
    int to = from;
    while (to < count && ends[to] - start <= room) {
      to++;
    }
    return to;
  }

  void release() {
    bytes.release();
  }

  private int start(int frame) {
    return frame == 0 ? 0 : ends[frame - 1];
  }
}
