package chat.parley.connect;

import chat.parley.wire.V1Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;

/**
 * A TCP connection. Its first two bytes say what it speaks: {@code v1}, a signed 16-bit total
 * length, JSON; or {@code v2}, a 32-bit total length, protobuf. Bytes that are neither close this
 * connection, and no other.
 *
 * <p>Decoded by hand, because reading must stop between two frames of one read when the session has
 * taken as many as it may.
 */
final class TcpCarrier extends Carrier {
  private static final String PING = "ping msg";

  private ByteBuf unread = Unpooled.EMPTY_BUFFER;
  private boolean begun;
  private boolean decoding;

  private TcpCarrier(Bucket bucket) {
    super(WireFormat.V1_TCP, bucket);
  }

  /**
   * Takes a connection over from Vert.x before anything was read.
   *
   * @param handler context of Vert.x's own handler
   */
  static TcpCarrier takeOver(ChannelHandlerContext handler, Bucket bucket) {
    TcpCarrier carrier = new TcpCarrier(bucket);
    carrier.takePlaceOf(handler);
    // A v1 client owes no sign of life. So it is the kernel that ends a connection on which nothing
    // that was sent arrives: the peer has vanished, or hangs. Where it can (epoll).
    int stalledMs = (int) Math.min(bucket.settings().stalled().toMillis(), Integer.MAX_VALUE);
    handler.channel().config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, stalledMs);
    return carrier;
  }

  @Override
  ChannelHandlerContext belowEncoders(ChannelHandlerContext own) {
    return own;
  }

  @Override
  void received(Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (!session().listens()) {
      bytes.release();
      return;
    }
    session().heardNow();
    unread = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx().alloc(), unread, bytes);
    decode();
  }

  @Override
  void readOn() {
    if (!decoding) {
      decode();
    }
    if (!paused()) {
      super.readOn();
    }
  }

  @Override
  boolean resumesByItself() {
    return paused() && session().listens();
  }

  private void decode() {
    decoding = true;
    try {
      boolean read = true;
      while (read && !paused() && session().listens()) {
        read = available() && (format().v2() ? readV2() : readV1());
      }
    } finally {
      decoding = false;
    }
    if (!session().listens() || !unread.isReadable()) {
      forgetUnread();
    } else {
      unread.discardSomeReadBytes(); // Else a peer that never ends with a frame makes it grow.
    }
  }

  /** Whether the next frame begins as it must, and its header may be there. */
  private boolean available() {
    int at = unread.readerIndex();
    int there = unread.readableBytes();
    if (there > 0 && unread.getByte(at) != 'v') {
      session().close(CloseReason.BAD_FRAME);
      return false;
    }
    if (there < 2) {
      return false;
    }
    byte version = unread.getByte(at + 1);
    if (!begun && version == '2') {
      become(WireFormat.V2_TCP);
    }
    begun = true;
    if (version != (format().v2() ? '2' : '1')) {
      session().close(CloseReason.BAD_FRAME);
      return false;
    }
    return true;
  }

  /** Hands the next whole frame to the session; false when there is none yet. */
  private boolean readV1() {
    int at = unread.readerIndex();
    if (unread.readableBytes() < WireFormat.V1_TCP_HEADER) {
      return false;
    }
    int total = unread.getShort(at + 2);
    if (total <= WireFormat.V1_TCP_HEADER) {
      session().close(CloseReason.BAD_FRAME);
      return false;
    }
    if (unread.readableBytes() < total) {
      return false;
    }
    unread.skipBytes(total);
    session().countFrame();
    ((V1Session) session())
        .frame(
            unread.toString(
                at + WireFormat.V1_TCP_HEADER,
                total - WireFormat.V1_TCP_HEADER,
                StandardCharsets.UTF_8));
    return true;
  }

  private boolean readV2() {
    int at = unread.readerIndex();
    if (unread.readableBytes() < WireFormat.V2_TCP_HEADER) {
      return false;
    }
    long total = unread.getUnsignedInt(at + 2);
    if (total < WireFormat.V2_TCP_HEADER) {
      session().close(CloseReason.BAD_FRAME, "a frame is shorter than its header");
      return false;
    }
    if (total > bucket().settings().maxFrameBytes() + WireFormat.V2_TCP_HEADER) {
      session().close(CloseReason.TOO_LARGE);
      return false;
    }
    if (unread.readableBytes() < total) {
      return false;
    }
    unread.skipBytes((int) total);
    session().countFrame();
    ((V2Session) session())
        .received(
            unread.slice(at + WireFormat.V2_TCP_HEADER, (int) total - WireFormat.V2_TCP_HEADER));
    return true;
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

  /**
   * What is queued goes out first. A client that is known is then waited for: to close while bytes
   * of it are unread would be a reset, which may destroy the goodbye on its way.
   */
  @Override
  void close(int code, String text) {
    if (!session().listens()) {
      forgetUnread();
    }
    if (session().listens() || session().identity() != null) {
      readToEnd();
      endOutput();
    } else {
      writeLast(Unpooled.EMPTY_BUFFER);
    }
  }

  private void endOutput() {
    SslHandler tls = ctx().pipeline().get(SslHandler.class);
    DuplexChannel channel = (DuplexChannel) ctx().channel();
    if (tls == null) {
      written(Unpooled.EMPTY_BUFFER).addListener(out -> channel.shutdownOutput());
    } else {
      tls.closeOutbound().addListener(out -> channel.shutdownOutput());
    }
  }

  /**
   * What has been read of a v1 client is taken, also beyond the bound at which reading pauses: it
   * has no answers, so it may have sent and left, and no more than one read can wait here.
   */
  @Override
  void gone() {
    pauseNoMore();
    if (!format().v2()) {
      decode();
    }
    forgetUnread();
    super.gone();
  }

  private ByteBuf framed(ByteBuf body) {
    ByteBuf frame = ctx().alloc().directBuffer(body.readableBytes() + WireFormat.V1_TCP_HEADER);
    WireFormat.V1_TCP.header(frame, body.readableBytes());
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
