package chat.parley.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket. Text comes in, or binary messages where the subprotocol says so; frames go out as
 * they are, encoded by us.
 */
final class WsCarrier extends Carrier {
  private static final int PING = 0x8900;
  private static final int PONG = 0x8A;
  private static final int CLOSE = 0x88;

  private final int maxMessage;
  private ByteBuf partial;

  private WsCarrier(WireFormat format, Bucket bucket) {
    super(format, bucket);
    maxMessage = bucket.settings().maxFrameBytes();
  }

  /**
   * Takes a WebSocket over from Vert.x, in the turn of the loop in which it was upgraded.
   *
   * @param handler context of Vert.x's own handler
   * @param format that the subprotocol says
   */
  static WsCarrier takeOver(ChannelHandlerContext handler, WireFormat format, Bucket bucket) {
    WsCarrier carrier = new WsCarrier(format, bucket);
    ChannelPipeline pipeline = handler.pipeline();
    // Vert.x's decoder answers a bad frame with an unencoded object, which never arrives.
    pipeline.replace(
        pipeline.get(WebSocket13FrameDecoder.class),
        "wsdecoder",
        new WebSocket13FrameDecoder(
            WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(carrier.maxMessage)
                .closeOnProtocolViolation(false)
                .build()));
    carrier.takePlaceOf(handler);
    return carrier;
  }

  @Override
  ChannelHandlerContext belowEncoders(ChannelHandlerContext own) {
    return own.pipeline().context(WebSocketFrameEncoder.class);
  }

  @Override
  void received(Object message) {
    try {
      if (message instanceof WebSocketFrame frame) {
        received(frame);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void received(WebSocketFrame frame) {
    session().heardNow();
    if (frame instanceof CloseWebSocketFrame close) {
      closed(close);
      return;
    }
    if (session().closing()) {
      return; // What a client says after our goodbye is not for us any more.
    }
    session().countFrame();
    if (frame instanceof PingWebSocketFrame) {
      pong(frame.content());
    } else if (frame instanceof ContinuationWebSocketFrame ? partial != null : begins(frame)) {
      part(frame);
    } else if (!(frame instanceof PongWebSocketFrame)) {
      session().close(CloseReason.BAD_FRAME, binary() ? "binary frames only" : "text frames only");
    }
  }

  private boolean begins(WebSocketFrame frame) {
    return partial == null
        && (binary() ? frame instanceof BinaryWebSocketFrame : frame instanceof TextWebSocketFrame);
  }

  private boolean binary() {
    return format() == WireFormat.V2_PROTOBUF;
  }

  private void part(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    if (partial == null && frame.isFinalFragment()) {
      whole(content);
      return;
    }
    if (partial == null) {
      partial = ctx().alloc().buffer(content.readableBytes());
    }
    if (partial.readableBytes() + content.readableBytes() > maxMessage) {
      session().close(CloseReason.TOO_LARGE);
      return;
    }
    partial.writeBytes(content);
    if (frame.isFinalFragment()) {
      ByteBuf message = partial;
      partial = null;
      whole(message);
      message.release();
    }
  }

  private void whole(ByteBuf message) {
    if (session() instanceof V2Session v2) {
      v2.received(message);
    } else {
      ((V1Session) session()).text(message.toString(StandardCharsets.UTF_8));
    }
  }

  /** Answers a client's ping, unless it does not read what it is sent anyway. */
  private void pong(ByteBuf payload) {
    if (out().drained() && !session().tooFast()) {
      ByteBuf frame = ctx().alloc().directBuffer(payload.readableBytes() + 2);
      write(frame.writeByte(PONG).writeByte(payload.readableBytes()).writeBytes(payload));
    }
  }

  /** The client's close is answered with the same code, or is the answer to ours. */
  private void closed(CloseWebSocketFrame frame) {
    if (session().closing()) {
      abort();
      return;
    }
    session().leaving();
    writeLast(closeFrame(frame.statusCode() < 0 ? 1000 : frame.statusCode(), ""));
  }

  @Override
  void ping() {
    write(ctx().alloc().directBuffer(2).writeShort(PING));
  }

  @Override
  void close(int code, String text) {
    forgetPartial();
    readToEnd();
    write(closeFrame(code, text));
  }

  @Override
  void broken(Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      session().close(reasonOf(corrupted));
    } else {
      super.broken(cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext own) {
    forgetPartial();
    super.channelInactive(own);
  }

  private static CloseReason reasonOf(CorruptedWebSocketFrameException corrupted) {
    return WebSocketCloseStatus.MESSAGE_TOO_BIG.equals(corrupted.closeStatus())
        ? CloseReason.TOO_LARGE
        : CloseReason.BAD_FRAME;
  }

  private ByteBuf closeFrame(int code, String text) {
    ByteBuf frame = ctx().alloc().directBuffer(4 + text.length());
    frame.writeByte(CLOSE).writeByte(2 + text.length()).writeShort(code);
    ByteBufUtil.writeAscii(frame, text);
    return frame;
  }

  private void forgetPartial() {
    if (partial != null) {
      partial.release();
      partial = null;
    }
  }
}
