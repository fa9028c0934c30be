package chat.parley.settings;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a server show a renewed certificate without a restart: the two files are looked at every
 * {@value #PERIOD_MS} ms. Connections that there are go on with what they have; files that are not
 * as they should be leave the certificate that there is, and are complained of loudly.
 *
 * <p>Belongs to the context that it was begun on.
 */
public final class TlsRenewal {
  private static final Logger LOG = LoggerFactory.getLogger(TlsRenewal.class);

  private static final long PERIOD_MS = 2_000;

  private final Vertx vertx;
  private final TlsSettings settings;
  private final Duration handshake;
  private final Function<ServerSSLOptions, Future<Boolean>> server;
  private final long timer;
  private Tls served;
  private boolean looking;
  private String fault = "";
  private boolean told;

  private TlsRenewal(
      Vertx vertx,
      TlsSettings settings,
      Tls served,
      Duration handshake,
      Function<ServerSSLOptions, Future<Boolean>> server) {
    this.vertx = vertx;
    this.settings = settings;
    this.served = served;
    this.handshake = handshake;
    this.server = server;
    this.timer = settings.enabled() ? vertx.setPeriodic(PERIOD_MS, id -> look()) : -1;
  }

  /**
   * Begins to look.
   *
   * @param served what the server was opened with
   * @param handshake as it was opened with
   * @param server is given other options; says whether they were other ones
   */
  public static TlsRenewal watch(
      Vertx vertx,
      TlsSettings settings,
      Tls served,
      Duration handshake,
      Function<ServerSSLOptions, Future<Boolean>> server) {
    return new TlsRenewal(vertx, settings, served, handshake, server);
  }

  /** Looks no more. */
  public void stop() {
    vertx.cancelTimer(timer);
  }

  private void look() {
    if (looking) {
      return; // A slow disk.
    }
    looking = true;
    vertx
        .executeBlocking(() -> served.renewed(settings))
        .compose(renewed -> renewed.map(this::serve).orElseGet(Future::succeededFuture))
        .onSuccess(done -> fault = "")
        .onFailure(this::complain)
        .onComplete(done -> looking = false);
  }

  private Future<Void> serve(Tls renewed) {
    ServerSSLOptions options = renewed.on(new NetServerOptions(), handshake).getSslOptions();
    return server
        .apply(options)
        .map(
            other -> {
              served = renewed;
              if (other) { // Of the instances that share a port one is told so.
                LOG.info("{}: a renewed certificate is shown from now on", settings.section());
              }
              return null;
            });
  }

  /** At the second look: between the two files of a renewal they do not belong together. */
  private void complain(Throwable t) {
    String why = String.valueOf(t.getMessage());
    if (!why.equals(fault)) {
      fault = why;
      told = false;
    } else if (!told) {
      told = true;
      LOG.error(
          "A renewed certificate cannot be used, the one before it is shown until that is mended:"
              + " {}",
          why);
    }
  }
}
