package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;

/** A connection that carries frames. Opened by {@link Carriers}. */
interface Carrier {
  /** Largest frame that is taken from a server. */
  int MAX_FRAME_BYTES = 16 << 20;

  /**
   * Sends a frame after those before it; never blocks. A failure comes as {@link Events#closed}.
   */
  void send(ClientFrame frame);

  /** Closes when what was sent is on its way; never blocks. */
  void close();

  /** What a carrier tells, on threads of its own, one at a time. */
  interface Events {
    /**
     * A frame came.
     *
     * @param next to be run when it was dealt with; until then no more is read than a few frames
     */
    void frame(ServerFrame frame, Runnable next);

    /** The end; at least once, and the last. */
    void closed(String reason);
  }
}
