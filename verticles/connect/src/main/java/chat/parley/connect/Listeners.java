package chat.parley.connect;

import chat.parley.net.ConnectionsByAddress;
import chat.parley.settings.SettingsException;
import chat.parley.settings.Tls;
import chat.parley.settings.TlsRenewal;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The ports of a bucket. Instances of one process share them: Vert.x deals new connections to the
 * instances in turn, and a connection stays where it was dealt.
 */
final class Listeners {
  private static final String PATH = "/ws";
  private static final String PROTOBUF = "parley.v2.protobuf";
  private static final String JSON = "parley.v2.json";

  private final Vertx vertx;
  private final Bucket bucket;
  private final ConnectSettings settings;
  private final List<NetServer> tcp = new ArrayList<>();
  private final Upgrades upgrades;
  private final Newcomers newcomers;
  private HttpServer http;
  private TlsRenewal renewal;

  Listeners(Vertx vertx, Bucket bucket) {
    this.vertx = vertx;
    this.bucket = bucket;
    this.settings = bucket.settings();
    this.newcomers = new Newcomers(bucket, ConnectionsByAddress.of(vertx, "connect"));
    this.upgrades = new Upgrades(bucket.wheel(), bucket.strangers(), settings, newcomers);
  }

  /** Listens on all ports; fails with a sentence that names the port or file and its setting. */
  Future<?> open() {
    return Tls.load(vertx, settings.tls()).compose(this::open);
  }

  private Future<?> open(Tls tls) {
    List<Future<?>> all = new ArrayList<>();
    all.add(named("ws-port", settings.wsPort(), openHttp(tls)));
    for (int port : settings.tcpPorts()) {
      all.add(named("tcp-ports", port, openTcp(port, tls)));
    }
    return Future.join(all)
        .onSuccess(
            open ->
                renewal =
                    TlsRenewal.watch(
                        vertx, settings.tls(), tls, settings.joinDeadline(), this::renew));
  }

  /** Of all ports, or of none that has failed to take it: the next look gives it to all again. */
  private Future<Boolean> renew(ServerSSLOptions renewed) {
    List<Future<Boolean>> all = new ArrayList<>();
    all.add(http.updateSSLOptions(renewed));
    tcp.forEach(server -> all.add(server.updateSSLOptions(renewed)));
    return Future.join(all).map(done -> all.stream().anyMatch(Future::result));
  }

  /** Takes no more connections; completes when those there were are closed, or at the deadline. */
  Future<?> shutdown(long deadlineMs) {
    if (renewal != null) {
      renewal.stop();
    }
    List<Future<?>> all = new ArrayList<>();
    if (http != null) {
      all.add(http.shutdown(deadlineMs, TimeUnit.MILLISECONDS));
    }
    tcp.forEach(server -> all.add(server.shutdown(deadlineMs, TimeUnit.MILLISECONDS)));
    return Future.join(all);
  }

  private Future<HttpServer> openHttp(Tls tls) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.wsPort())
            .setAcceptBacklog(settings.acceptBacklog())
            .setTcpKeepAlive(true)
            .setHttp2ClearTextEnabled(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(settings.maxFrameBytes())
            .setWebSocketSubProtocols(List.of(PROTOBUF, JSON))
            .setStrictThreadMode(true);
    http =
        vertx
            .createHttpServer(tls.on(options, settings.joinDeadline()))
            .connectionHandler(
                connection -> upgrades.begin(((ConnectionBase) connection).channel()))
            .requestHandler(
                request ->
                    request
                        .response()
                        .setStatusCode(404)
                        .putHeader("connection", "close")
                        .end("WebSocket at " + PATH))
            .webSocketHandshakeHandler(this::decide)
            .webSocketHandler(this::accept);
    return http.listen();
  }

  private Future<NetServer> openTcp(int port, Tls tls) {
    NetServerOptions options =
        new NetServerOptions()
            .setHost(settings.host())
            .setPort(port)
            .setAcceptBacklog(settings.acceptBacklog())
            .setTcpKeepAlive(true);
    NetServer server =
        vertx
            .createNetServer(tls.on(options, settings.joinDeadline()))
            .connectHandler(this::accept);
    tcp.add(server);
    return server.listen();
  }

  private void decide(ServerWebSocketHandshake handshake) {
    String origin = handshake.headers().get("origin");
    String version = handshake.headers().get("sec-websocket-version");
    if (!handshake.path().equals(PATH)) {
      handshake.reject(404);
    } else if (!"13".equals(version)) {
      handshake.reject(426);
    } else if (origin != null
        && !settings.origins().isEmpty()
        && !settings.origins().contains(origin)) {
      handshake.reject(403);
    } else {
      handshake.accept();
    }
  }

  private void accept(ServerWebSocket webSocket) {
    ChannelHandlerContext handler = ((WebSocketInternal) webSocket).channelHandlerContext();
    CloseReason refusal = upgrades.done(handler.channel());
    if (refusal == null) {
      refusal =
          newcomers.behindProxy(
              handler.channel(), webSocket.headers().getAll(Newcomers.FORWARDED_FOR));
    }
    take(WsCarrier.takeOver(handler, formatOf(webSocket.subProtocol()), bucket), refusal);
  }

  /** Without a subprotocol, or with one that is not known here, a WebSocket speaks v1. */
  private static WireFormat formatOf(String subprotocol) {
    if (PROTOBUF.equals(subprotocol)) {
      return WireFormat.V2_PROTOBUF;
    }
    return JSON.equals(subprotocol) ? WireFormat.V2_JSON : WireFormat.V1_WEBSOCKET;
  }

  private void accept(NetSocket socket) {
    ChannelHandlerContext handler = ((NetSocketInternal) socket).channelHandlerContext();
    CloseReason refusal = newcomers.arrived(handler.channel());
    if (handler.channel().isOpen()) {
      bucket.strangers().add(handler.channel());
      take(TcpCarrier.takeOver(handler, bucket), refusal);
    }
  }

  /**
   * @param refusal why the connection is one too many; null when it is not
   */
  private void take(Carrier carrier, CloseReason refusal) {
    CloseReason why = refusal == null ? newcomers.whenFull() : refusal;
    bucket.add(carrier.session());
    if (why != null) {
      carrier.session().close(why);
    }
  }

  private <T> Future<T> named(String key, int port, Future<T> listening) {
    return listening.recover(
        e ->
            Future.failedFuture(
                new SettingsException(
                    "cannot listen on %s port %d (setting connect.%s): %s"
                        .formatted(settings.host(), port, key, e.getMessage()),
                    e)));
  }
}
