package chat.parley.connect;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames that sockets are to send before the next {@link #release}, held once for all of them: what
 * counts a reference up and down for each socket is a part of what a delivery costs.
 *
 * <p>Belongs to one event loop.
 */
final class SharedFrames {
  private final List<ByteBuf> held = new ArrayList<>();

  /** Holds a buffer until {@link #release}. It stays the caller's, and unchanged. */
  void hold(ByteBuf frames) {
    // Sessions of one room come with one buffer for each wire format, in any order.
    for (int i = held.size() - 1; i >= Math.max(0, held.size() - WireFormat.COUNT); i--) {
      if (held.get(i) == frames) {
        return;
      }
    }
    held.add(frames.retain());
  }

  void release() {
    for (int i = 0; i < held.size(); i++) {
      held.get(i).release();
    }
    held.clear();
  }
}
