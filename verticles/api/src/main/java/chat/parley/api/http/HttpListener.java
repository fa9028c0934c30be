package chat.parley.api.http;

import chat.parley.bus.ChatError;
import chat.parley.settings.SettingsException;
import chat.parley.settings.Tls;
import chat.parley.settings.TlsRenewal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.BindException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/1.1 server of a verticle instance, in the clear or by TLS. Instances that listen on the
 * same address share its connections. Used on the instance's event loop only.
 */
public final class HttpListener {
  /** A browser that has been here by TLS asks for nothing in the clear any more. */
  private static final CharSequence STRICT_TRANSPORT =
      HttpHeaders.createOptimized("Strict-Transport-Security");

  private static final CharSequence A_YEAR = HttpHeaders.createOptimized("max-age=31536000");

  private final HttpServer server;
  private final IdleGuard guard;
  private final TlsRenewal renewal;

  private HttpListener(HttpServer server, IdleGuard guard, TlsRenewal renewal) {
    this.server = server;
    this.guard = guard;
    this.renewal = renewal;
  }

  /**
   * Starts to listen.
   *
   * @param compress whether answers may be compressed
   * @return fails with one sentence that names the address or file and the setting when it cannot
   *     listen
   */
  public static Future<HttpListener> open(
      Vertx vertx, ListenSettings settings, boolean compress, Endpoint endpoint) {
    return Tls.load(vertx, settings.tls())
        .compose(tls -> open(vertx, settings, tls, compress, endpoint));
  }

  private static Future<HttpListener> open(
      Vertx vertx, ListenSettings settings, Tls tls, boolean compress, Endpoint endpoint) {
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
    ConnectionBounds bounds = new ConnectionBounds(vertx, settings);
    HttpServer server =
        vertx
            .createHttpServer(tls.on(options, settings.idleTimeout()))
            .connectionHandler(
                connection -> {
                  oneEnd.opened(connection);
                  guard.opened(connection);
                  bounds.opened(connection);
                })
            .requestHandler(
                request -> {
                  guard.requested(request);
                  if (settings.tls().enabled()) {
                    request.response().putHeader(STRICT_TRANSPORT, A_YEAR);
                  }
                  ChatError refusal = bounds.refusal(request);
                  if (refusal == null) {
                    endpoint.handle(request);
                  } else {
                    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                    endpoint.refuse(request, refusal);
                  }
                })
            .invalidRequestHandler(OneEnd::refuse);
    return server
        .listen()
        .map(
            listening ->
                new HttpListener(
                    listening,
                    guard,
                    TlsRenewal.watch(
                        vertx,
                        settings.tls(),
                        tls,
                        settings.idleTimeout(),
                        listening::updateSSLOptions)))
        .recover(
            cause -> {
              guard.stop();
              return Future.failedFuture(refusal(settings, cause));
            });
  }

  /**
   * Takes no more connections, and lets those there are end with an answer that says so. Completes
   * when all are closed; connections that nobody uses are closed after a moment.
   *
   * @param deadline after which it gives up on requests under way
   */
  public Future<Void> shutdown(Duration deadline) {
    renewal.stop();
    guard.endWithNextAnswer();
    return server
        .shutdown(LastAnswers.WITHIN_MS + deadline.toMillis(), TimeUnit.MILLISECONDS)
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
