package chat.parley.app;

import static com.hazelcast.internal.server.ServerContext.KILO_BYTE;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.networking.ChannelOption;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.internal.server.tcp.UnifiedProtocolDecoder;
import com.hazelcast.internal.server.tcp.UnifiedProtocolEncoder;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperties;

/**
 * How a connection between members begins: as Hazelcast's own ({@code UnifiedChannelInitializer} of
 * 5.3), but for what is done while the other end has not said its first word.
 *
 * <p>Hazelcast's encoder has nothing to write then and says so, though a frame waits behind it; the
 * pipeline takes itself for unfinished and runs again at once, for as long as the other end is
 * silent. That keeps the one thread that writes to all members: their heartbeats stay behind it,
 * and ten seconds later they take a healthy member for dead. A process that was stopped is such an
 * end: the kernel takes the connection for it. Here the encoder says that it is blocked until then.
 */
final class MemberProtocol implements ChannelInitializer {
  private final ServerContext context;

  MemberProtocol(ServerContext context) {
    this.context = context;
  }

  @Override
  public void initChannel(Channel channel) {
    HazelcastProperties settings = context.properties();
    int sendBytes = settings.getInteger(ClusterProperty.SOCKET_SEND_BUFFER_SIZE) * KILO_BYTE;
    int receiveBytes = settings.getInteger(ClusterProperty.SOCKET_RECEIVE_BUFFER_SIZE) * KILO_BYTE;
    channel
        .options()
        .setOption(
            ChannelOption.DIRECT_BUF, settings.getBoolean(ClusterProperty.SOCKET_BUFFER_DIRECT))
        .setOption(ChannelOption.TCP_NODELAY, settings.getBoolean(ClusterProperty.SOCKET_NO_DELAY))
        .setOption(
            ChannelOption.SO_KEEPALIVE, settings.getBoolean(ClusterProperty.SOCKET_KEEP_ALIVE))
        .setOption(ChannelOption.SO_SNDBUF, sendBytes)
        .setOption(ChannelOption.SO_RCVBUF, receiveBytes)
        .setOption(
            ChannelOption.SO_LINGER, settings.getSeconds(ClusterProperty.SOCKET_LINGER_SECONDS))
        .setOption(
            ChannelOption.TCP_KEEPIDLE, settings.getInteger(ClusterProperty.SOCKET_KEEP_IDLE))
        .setOption(
            ChannelOption.TCP_KEEPCOUNT, settings.getInteger(ClusterProperty.SOCKET_KEEP_COUNT))
        .setOption(
            ChannelOption.TCP_KEEPINTERVAL,
            settings.getInteger(ClusterProperty.SOCKET_KEEP_INTERVAL));
    PatientEncoder encoder = new PatientEncoder(context);
    channel.outboundPipeline().addLast(encoder);
    channel.inboundPipeline().addLast(new UnifiedProtocolDecoder(context, encoder));
  }

  /** Whoever ends its waiting wakes the pipeline, which is tried again then. */
  private static final class PatientEncoder extends UnifiedProtocolEncoder {
    private volatile boolean answered;

    PatientEncoder(ServerContext context) {
      super(context);
    }

    @Override
    public void signalEncoderCanReplace() {
      answered = true;
      super.signalEncoderCanReplace();
    }

    @Override
    public HandlerStatus onWrite() {
      HandlerStatus status = super.onWrite();
      return status == HandlerStatus.CLEAN && !answered ? HandlerStatus.BLOCKED : status;
    }
  }
}
