package chat.parley.connect;

import chat.parley.wire.V1Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A v1 TCP connection: {@code v1}, a signed 16-bit total length, JSON. Bytes that are not that
 * close this connection, and no other.
 *
 * <p>Decoded by hand, because reading must stop between two frames of one read when the session has
 * taken as many as it may.
 */
final class TcpCarrier extends Carrier {
  private static final String PING = "ping msg";

  private ByteBuf unread = Unpooled.EMPTY_BUFFER;
  private boolean paused;
  private boolean decoding;

  private TcpCarrier(Bucket bucket) {
    super(WireFormat.TCP, bucket);
  }

  /**
   * Takes a connection over from Vert.x before anything was read.
   *
   * @param handler context of Vert.x's own handler
   */
  static TcpCarrier takeOver(ChannelHandlerContext handler, Bucket bucket) {
    TcpCarrier carrier = new TcpCarrier(bucket);
    handler.pipeline().addBefore(handler.name(), "session", carrier);
    return carrier;
  }

  @Override
  ChannelHandlerContext belowEncoders(ChannelHandlerContext own) {
    return own;
  }

  @Override
  void received(Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (session().closing()) {
      bytes.release();
      return;
    }
    session().heard();
    unread = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx().alloc(), unread, bytes);
    decode();
  }

  @Override
  void pause() {
    paused = true;
    super.pause();
  }

  @Override
  void resume() {
    if (paused) {
      paused = false;
      if (!decoding) {
        decode();
      }
      if (!paused) {
        super.resume();
      }
    }
  }

  private void decode() {
    decoding = true;
    try {
      String body = "";
      while (!paused && !session().closing() && body != null) {
        body = next();
        if (body != null) {
          session().frame(body);
        }
      }
    } finally {
      decoding = false;
    }
    if (session().closing() || !unread.isReadable()) {
      forgetUnread();
    }
  }

  /** The next whole frame's body; null when there is none yet, or the connection was closed. */
  private String next() {
    int available = unread.readableBytes();
    int at = unread.readerIndex();
    if ((available > 0 && unread.getByte(at) != 'v')
        || (available > 1 && unread.getByte(at + 1) != '1')) {
      session().close(CloseReason.BAD_FRAME);
      return null;
    }
    if (available < WireFormat.TCP_HEADER) {
      return null;
    }
    int total = unread.getShort(at + 2);
    if (total <= WireFormat.TCP_HEADER) {
      session().close(CloseReason.BAD_FRAME);
      return null;
    }
    if (available < total) {
      return null;
    }
    unread.skipBytes(total);
    return unread.toString(
        at + WireFormat.TCP_HEADER, total - WireFormat.TCP_HEADER, StandardCharsets.UTF_8);
  }

  /**
   * Says that a message to a room was refused: an op 3 frame from nobody (user 0) with code 1, the
   * shape that clients of this wire already read. The text holds nothing of the message.
   */
  void refuse(long roomId, String text, String date) {
    ByteBuf body = ctx().alloc().buffer();
    ByteBufUtil.writeAscii(body, "{\"code\":1,\"msg\":");
    V1Json.writeString(body, text);
    ByteBufUtil.writeAscii(
        body,
        ",\"fromUserId\":0,\"fromUserName\":\"\",\"toUserId\":0,\"toUserName\":\"\",\"roomId\":"
            + roomId
            + ",\"op\":"
            + V1Json.OP_ROOM
            + ",\"createTime\":\""
            + date
            + "\"}");
    write(framed(body));
  }

  @Override
  void ping() {
    write(framed(ByteBufUtil.writeAscii(ctx().alloc(), PING)));
  }

  /** There is no goodbye on this wire; what is queued goes out first. */
  @Override
  void close(CloseReason reason, String text) {
    forgetUnread();
    writeLast(Unpooled.EMPTY_BUFFER);
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    forgetUnread();
    super.channelInactive(own);
  }

  private ByteBuf framed(ByteBuf body) {
    ByteBuf frame = ctx().alloc().directBuffer(body.readableBytes() + WireFormat.TCP_HEADER);
    WireFormat.TCP.header(frame, body.readableBytes());
    frame.writeBytes(body);
    body.release();
    return frame;
  }

  private void forgetUnread() {
    if (!decoding) {
      unread.release();
      unread = Unpooled.EMPTY_BUFFER;
    }
  }
}
