package chat.parley.settings;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The JDK's TLS, with a bound on handshakes of a server that are under way: each holds some tens of
 * kilobytes for a peer that nobody knows yet. One connection more is closed, without the cost of an
 * answer; the counts of a server go on when its certificate is renewed.
 */
final class HandshakeBound extends JdkSSLEngineOptions {
  /** About 100 MB; a process that is overrun by returning clients shakes hands with these first. */
  static final int MOST = 2_048;

  private static final AtomicInteger OF_THE_PROCESS = new AtomicInteger();

  /** Handshakes that were refused, by the port's peers and the cause. */
  private static final String REFUSED = "parley.tls.handshakes.refused";

  private static final Counter TOO_MANY =
      Metrics.counter(REFUSED, "peers", "clients", "cause", "too-many");
  private static final Counter FAILED =
      Metrics.counter(REFUSED, "peers", "clients", "cause", "failed");

  private final int most;
  private final AtomicInteger underWay;

  HandshakeBound() {
    this(MOST, OF_THE_PROCESS);
  }

  HandshakeBound(int most, AtomicInteger underWay) {
    this.most = most;
    this.underWay = underWay;
  }

  @Override
  public HandshakeBound copy() {
    return new HandshakeBound(most, underWay);
  }

  /** A handshake is a matter of milliseconds of work for the event loop, as it was before. */
  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.JDK, false) {
      @Override
      public SslContext create() throws SSLException {
        return new Bounded(super.create());
      }
    };
  }

  private final class Bounded extends DelegatingSslContext {
    Bounded(SslContext context) {
      super(context);
    }

    @Override
    protected void initEngine(SSLEngine engine) {}

    @Override
    protected SslHandler newHandler(
        ByteBufAllocator allocator, boolean startTls, Executor executor) {
      return counted(allocator, () -> super.newHandler(allocator, startTls, executor));
    }

    @Override
    protected SslHandler newHandler(
        ByteBufAllocator allocator, String host, int port, boolean startTls, Executor executor) {
      return counted(allocator, () -> super.newHandler(allocator, host, port, startTls, executor));
    }

    private SslHandler counted(ByteBufAllocator allocator, Supplier<SslHandler> handler) {
      if (underWay.incrementAndGet() > most) {
        underWay.decrementAndGet();
        TOO_MANY.increment();
        return new Refusal(newEngine(allocator));
      }
      SslHandler made = handler.get();
      made.handshakeFuture()
          .addListener(
              done -> {
                if (!done.isSuccess()) {
                  FAILED.increment();
                }
                underWay.decrementAndGet();
              });
      return made;
    }
  }

  /** Closes as soon as it is there. */
  private static final class Refusal extends SslHandler {
    Refusal(SSLEngine engine) {
      super(engine);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
      super.handlerAdded(context);
      context.close();
    }
  }
}
