package chat.parley.app;

import com.hazelcast.config.Config;
import com.hazelcast.config.SocketInterceptorConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.cluster.Joiner;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.nio.MemberSocketInterceptor;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;

/**
 * A Hazelcast member that hears strangers no further than it must. With certificates it speaks TLS
 * with the others, and with nobody who has none of the cluster's authority; without, those who have
 * not said which member they are have a bound ({@link Unintroduced}). Hazelcast's open source
 * leaves the two places for that empty: what is done with a new socket ({@link MemberHandshake}),
 * and what its bytes pass through ({@link MemberChannel}). Here they are filled (docs/adr/0025);
 * one that says nothing keeps nobody from the others ({@link MemberProtocol}), and one that was
 * left out finds them again at once ({@link MemberJoiner}).
 */
final class GuardedMember extends RememberedRegistrations {
  /** Where Vert.x looks up a member's name among its attributes. */
  private static final String NODE_ID = "__vertx.nodeId";

  private final HazelcastInstance member;
  private Vertx vertx;

  private GuardedMember(HazelcastInstance member) {
    super(member);
    this.member = member;
  }

  /** Starts a member and joins; blocks. */
  static GuardedMember start(Config config, ClusterTls tls) {
    config.getMemberAttributeConfig().setAttribute(NODE_ID, UUID.randomUUID().toString());
    return new GuardedMember(join(config, tls));
  }

  /** A member that is not Vert.x's. */
  static HazelcastInstance join(Config config, ClusterTls tls) {
    config
        .getNetworkConfig()
        .setSocketInterceptorConfig(new SocketInterceptorConfig().setEnabled(tls.enabled()));
    return HazelcastInstanceFactory.newHazelcastInstance(
        config, config.getInstanceName(), new GuardedContext(tls));
  }

  @Override
  public void init(Vertx vertx) {
    this.vertx = vertx;
    super.init(vertx);
  }

  /** Vert.x leaves running what it has not started. */
  @Override
  public void leave(Completable<Void> left) {
    super.leave(
        (done, failure) ->
            vertx
                .<Void>executeBlocking(
                    () -> {
                      end();
                      return null;
                    },
                    false)
                .onComplete(
                    ended -> left.complete(null, failure == null ? ended.cause() : failure)));
  }

  /** As Vert.x ends its own: Hazelcast refuses at times, and not the next time. */
  private void end() {
    while (member.getLifecycleService().isRunning()) {
      try {
        member.shutdown();
      } catch (RejectedExecutionException again) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
  }

  private static final class GuardedContext extends DefaultNodeContext {
    private final ClusterTls tls;

    GuardedContext(ClusterTls tls) {
      this.tls = tls;
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
      return tls.enabled()
          ? new SecureExtension(node, new MemberHandshake(tls))
          : new OpenExtension(node, new Unintroduced());
    }

    @Override
    public Joiner createJoiner(Node node) {
      return node.getConfig().getNetworkConfig().getJoin().getTcpIpConfig().isEnabled()
          ? new MemberJoiner(node)
          : super.createJoiner(node);
    }
  }

  private static final class SecureExtension extends DefaultNodeExtension {
    private final MemberHandshake handshake;

    SecureExtension(Node node, MemberHandshake handshake) {
      super(node);
      this.handshake = handshake;
    }

    @Override
    public MemberSocketInterceptor getSocketInterceptor(EndpointQualifier endpoint) {
      return handshake;
    }

    /** First on the way in and last on the way out; whatever Hazelcast puts there is in between. */
    @Override
    public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(
        ServerContext context) {
      MemberProtocol protocol = new MemberProtocol(context);
      return endpoint ->
          channel -> {
            SSLEngine engine = handshake.engine(channel.socket(), channel.isClientMode());
            channel.inboundPipeline().addLast(new MemberChannel.Inbound(engine));
            protocol.initChannel(channel);
            channel.outboundPipeline().addLast(new MemberChannel.Outbound(engine));
          };
    }
  }

  private static final class OpenExtension extends DefaultNodeExtension {
    private final Unintroduced unintroduced;

    OpenExtension(Node node, Unintroduced unintroduced) {
      super(node);
      this.unintroduced = unintroduced;
    }

    @Override
    public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(
        ServerContext context) {
      MemberProtocol protocol = new MemberProtocol(context);
      return endpoint ->
          channel -> {
            protocol.initChannel(channel);
            if (!channel.isClientMode()) {
              unintroduced.accepted(channel);
            }
          };
    }
  }
}
