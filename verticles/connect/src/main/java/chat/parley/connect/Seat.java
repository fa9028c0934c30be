package chat.parley.connect;

import io.netty.buffer.ByteBuf;

/** A session's place in a room. Belongs to one event loop. */
interface Seat {
  Session session();

  /** The session's. */
  WireFormat format();

  /** Where the room has this seat; the room's own. */
  int index();

  void index(int index);

  /**
   * Frames of the room in the session's format.
   *
   * @param before seq of the last message before them
   * @param last seq of the last message in them
   */
  void push(ByteBuf frames, long before, long last);

  /** The room's count or list has changed. */
  void tell(StateFrame frame);
}
