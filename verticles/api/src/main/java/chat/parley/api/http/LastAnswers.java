package chat.parley.api.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a connection open for a moment after its server has begun to shut down. Vert.x would close
 * it at once when it seems unused, and with it a request that is on its way, or has arrived and was
 * not looked at yet.
 */
@ChannelHandler.Sharable
final class LastAnswers extends ChannelInboundHandlerAdapter {
  /** Who uses a connection at all has used it within this time, most probably. */
  static final long WITHIN_MS = 1_000;

  private static final LastAnswers HANDLER = new LastAnswers();

  /** Name of Vert.x's own handler in every pipeline. */
  private static final String VERTX = "handler";

  private LastAnswers() {}

  static void allowOn(Channel channel) {
    channel.pipeline().addBefore(VERTX, null, HANDLER);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext own, Object event) {
    if (event instanceof ShutdownEvent) {
      own.executor()
          .schedule(() -> own.fireUserEventTriggered(event), WITHIN_MS, TimeUnit.MILLISECONDS);
    } else {
      own.fireUserEventTriggered(event);
    }
  }
}
