package chat.parley.connect;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * Closes a connection whose client sends frames along with its request to upgrade, which RFC 6455,
 * section 4.1, forbids. Vert.x, still in the middle of the upgrade, would neither hand them on nor
 * give their memory back.
 */
@ChannelHandler.Sharable
final class EarlyFrames extends ChannelInboundHandlerAdapter {
  static final EarlyFrames REFUSED = new EarlyFrames();

  private EarlyFrames() {}

  @Override
  public void channelRead(ChannelHandlerContext own, Object message) {
    if (message instanceof WebSocketFrame frame) {
      frame.release();
      own.close();
    } else {
      own.fireChannelRead(message);
    }
  }
}
