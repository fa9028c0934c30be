package chat.parley.connect;

import chat.parley.wire.V1Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;

/**
 * One frame that tells a state (op 4, op 5), encoded at most once per wire format. Skipped for a
 * session that is behind: it gets the state of that later moment.
 *
 * <p>Belongs to one event loop; {@link #release} ends it.
 */
final class StateFrame {
  /** Of one list: a room of fifteen thousand has fifteen thousand who get it. */
  private static final int LONGEST_LIST = 64 * 1024;

  private final ByteBuf[] byFormat = new ByteBuf[WireFormat.values().length];
  private final long roomId;
  private final int count;
  private final Map<Long, String> members;

  /**
   * @param members null: only the count is told
   */
  StateFrame(long roomId, int count, Map<Long, String> members) {
    this.roomId = roomId;
    this.count = count;
    this.members = members;
  }

  /** The frame, not retained. */
  ByteBuf bytes(WireFormat format) {
    ByteBuf frame = byFormat[format.ordinal()];
    if (frame == null) {
      ByteBuf body = members == null ? countBody() : membersBody(format);
      frame = ByteBufAllocator.DEFAULT.directBuffer(body.readableBytes() + WireFormat.MAX_HEADER);
      format.header(frame, body.readableBytes());
      frame.writeBytes(body);
      body.release();
      byFormat[format.ordinal()] = frame;
    }
    return frame;
  }

  /** Bytes of the longest frame that was encoded. */
  long size() {
    long size = 0;
    for (ByteBuf frame : byFormat) {
      size = Math.max(size, frame == null ? 0 : frame.readableBytes());
    }
    return size;
  }

  void release() {
    for (ByteBuf frame : byFormat) {
      if (frame != null) {
        frame.release();
      }
    }
  }

  private ByteBuf countBody() {
    return ByteBufUtil.writeAscii(
        ByteBufAllocator.DEFAULT, "{\"op\":" + V1Json.OP_ROOM_COUNT + ",\"count\":" + count + "}");
  }

  /**
   * The list, cut where the format can carry no more (a TCP frame holds some 1,500 members) or the
   * list would be longer than any list may be; the count is always that of all members.
   */
  private ByteBuf membersBody(WireFormat format) {
    ByteBuf body = ByteBufAllocator.DEFAULT.buffer();
    ByteBufUtil.writeAscii(
        body,
        "{\"op\":"
            + V1Json.OP_ROOM_MEMBERS
            + ",\"roomId\":"
            + roomId
            + ",\"count\":"
            + count
            + ",\"roomUserInfo\":{");
    boolean first = true;
    for (Map.Entry<Long, String> member : members.entrySet()) {
      int before = body.writerIndex();
      ByteBufUtil.writeAscii(body, (first ? "\"" : ",\"") + member.getKey() + "\":");
      V1Json.writeString(body, member.getValue());
      int size = body.readableBytes() + 2;
      if (size > LONGEST_LIST || !format.fits(size)) {
        body.writerIndex(before);
        break;
      }
      first = false;
    }
    return body.writeByte('}').writeByte('}');
  }
}
