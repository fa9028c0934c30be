package chat.parley.api.http;

import chat.parley.settings.SettingsException;
import chat.parley.settings.Tls;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/1.1 server of a verticle instance, in the clear or by TLS. Instances that listen on the
 * same address share its connections. Used on the instance's event loop only.
 */
public final class HttpListener {
  private final HttpServer server;
  private final IdleGuard guard;

  private HttpListener(HttpServer server, IdleGuard guard) {
    this.server = server;
    this.guard = guard;
  }

  /**
   * Starts to listen.
   *
   * @param compress whether answers may be compressed
   * @return fails with one sentence that names the address or file and the setting when it cannot
   *     listen
   */
  public static Future<HttpListener> open(
      Vertx vertx, ListenSettings settings, boolean compress, Handler<HttpServerRequest> handler) {
    return Tls.load(vertx, settings.tls())
        .compose(tls -> open(vertx, settings, tls, compress, handler));
  }

  private static Future<HttpListener> open(
      Vertx vertx,
      ListenSettings settings,
      Tls tls,
      boolean compress,
      Handler<HttpServerRequest> handler) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setAcceptBacklog(settings.backlog())
            .setCompressionSupported(compress)
            .setHandle100ContinueAutomatically(true)
            .setHttp2ClearTextEnabled(false);
    IdleGuard guard = new IdleGuard(vertx, settings.idleTimeout());
    OneEnd oneEnd = new OneEnd(options);
    HttpServer server =
        vertx
            .createHttpServer(tls.on(options, settings.idleTimeout()))
            .connectionHandler(
                connection -> {
                  oneEnd.opened(connection);
                  guard.opened(connection);
                })
            .requestHandler(
                request -> {
                  guard.requested(request);
                  handler.handle(request);
                })
            .invalidRequestHandler(OneEnd::refuse);
    return server
        .listen()
        .map(listening -> new HttpListener(listening, guard))
        .recover(
            cause -> {
              guard.stop();
              return Future.failedFuture(refusal(settings, cause));
            });
  }

  /** Takes no more connections, ends the requests under way or gives up on them, closes. */
  public Future<Void> shutdown(Duration deadline) {
    return server
        .shutdown(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(done -> guard.stop());
  }

  private static SettingsException refusal(ListenSettings settings, Throwable cause) {
    String address = settings.host() + ":" + settings.port();
    if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")) {
      return new SettingsException(
          "cannot listen on "
              + address
              + ": the port is taken (setting "
              + settings.section()
              + ".port)",
          cause);
    }
    String setting =
        cause instanceof UnknownHostException
            ? settings.section() + ".host"
            : settings.section() + ".host, " + settings.section() + ".port";
    return new SettingsException(
        "cannot listen on " + address + ": " + cause.getMessage() + " (setting " + setting + ")",
        cause);
  }
}
