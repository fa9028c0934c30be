package chat.parley.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.nio.channels.ClosedChannelException;
import java.util.HexFormat;

/** The other end of a carrier. Used on the node's event loop only. */
final class Peer {
  private static final String VERTX = "handler";

  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
  private final EmbeddedChannel channel = new TwoWays();
  private final ByteBuf heard = Unpooled.buffer();
  private final Carrier carrier;

  /**
   * @param wire a format of a WebSocket, or {@link WireFormat#V1_TCP} for a connection that may
   *     become either
   */
  Peer(BareNode node, WireFormat wire) {
    channel.config().setAllocator(memory);
    node.bucket().strangers().add(channel);
    if (wire.webSocket()) {
      // As Vert.x leaves them behind after the upgrade.
      channel
          .pipeline()
          .addLast(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder().build()));
      channel.pipeline().addLast(new WebSocket13FrameEncoder(false));
    }
    channel.pipeline().addLast(VERTX, new ChannelInboundHandlerAdapter());
    ChannelHandlerContext handler = channel.pipeline().context(VERTX);
    carrier =
        wire.webSocket()
            ? WsCarrier.takeOver(handler, wire, node.bucket())
            : TcpCarrier.takeOver(handler, node.bucket());
    node.bucket().add(carrier.session());
  }

  Session session() {
    return carrier.session();
  }

  /** The server's end reads these bytes at once. */
  void send(byte[] bytes, int from, int to) {
    if (channel.isOpen()) {
      ByteBuf read = memory.buffer(to - from);
      channel.writeInbound(read.writeBytes(bytes, from, to - from));
      hear();
    }
  }

  /** Everything that the server has said. */
  ByteBuf heard() {
    hear();
    return heard;
  }

  String heardAsHex() {
    return HexFormat.of().formatHex(ByteBufUtil.getBytes(heard()));
  }

  /** The client goes. */
  void go() {
    channel.close();
    channel.runPendingTasks();
    hear();
    channel.releaseOutbound();
  }

  /** Bytes that the server still holds for this connection. */
  long held() {
    return memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
  }

  private void hear() {
    for (ByteBuf said = channel.readOutbound(); said != null; said = channel.readOutbound()) {
      heard.writeBytes(said);
      said.release();
    }
  }

  /** Each way can be ended by itself, as of a socket; nothing is written after the end. */
  private static final class TwoWays extends EmbeddedChannel implements DuplexChannel {
    private boolean inputShutdown;
    private boolean outputShutdown;

    @Override
    public boolean isInputShutdown() {
      return inputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
      return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
      inputShutdown = true;
      return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
      return outputShutdown;
    }

    @Override
    public ChannelFuture shutdownOutput() {
      return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
      outputShutdown = true;
      return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
      return inputShutdown && outputShutdown;
    }

    @Override
    public ChannelFuture shutdown() {
      return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
      shutdownInput();
      return shutdownOutput(promise);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer buffer) throws Exception {
      if (outputShutdown && !buffer.isEmpty()) {
        throw new ClosedChannelException();
      }
      super.doWrite(buffer);
    }
  }
}
