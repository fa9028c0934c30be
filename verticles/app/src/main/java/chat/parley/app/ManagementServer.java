package chat.parley.app;

import chat.parley.api.http.BodyReader;
import chat.parley.api.http.IdleGuard;
import chat.parley.api.http.OneEnd;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.HostedVerticle;
import chat.parley.proto.NodeStatus;
import chat.parley.proto.Scaled;
import chat.parley.settings.Tls;
import chat.parley.settings.TlsRenewal;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The process's own port. Probes and collectors ask for {@code GET /live}, {@code GET /ready} and
 * {@code GET /metrics}, which tell nothing of users or addresses; {@code GET /nodes} and {@code
 * POST /scale} are for operators (see {@link ManagementAccess}).
 */
final class ManagementServer {
  private static final int MAX_BODY = 4_096;
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);
  private static final Duration BODY_DEADLINE = Duration.ofSeconds(5);
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

  /** How many ports a process that shares its machine tries. */
  private static final int PORTS_TRIED = 100;

  private final Vertx vertx;
  private final ManagementSettings settings;
  private final Readiness readiness;
  private final NodeDirectory nodes;
  private final Scaler scaler;
  private final ManagementAccess access;
  private final MetricsPage metrics = new MetricsPage();
  private final Map<String, Handler<HttpServerRequest>> routes = new LinkedHashMap<>();
  private final BodyReader bodies;

  ManagementServer(
      Vertx vertx,
      ManagementSettings settings,
      Readiness readiness,
      NodeDirectory nodes,
      Scaler scaler) {
    this.vertx = vertx;
    this.settings = settings;
    this.readiness = readiness;
    this.nodes = nodes;
    this.scaler = scaler;
    this.access = new ManagementAccess(settings);
    this.bodies = new BodyReader(vertx, MAX_BODY, MAX_BODY, BODY_DEADLINE);
    routes.put("GET /live", request -> answer(request, 200, new JsonObject().put("status", "up")));
    routes.put("GET /ready", this::ready);
    routes.put("GET /metrics", metrics::answer);
    routes.put("GET /nodes", this::nodes);
    routes.put("POST /scale", this::scale);
  }

  /** Methods and paths, everything that is served. */
  Set<String> routes() {
    return routes.keySet();
  }

  /**
   * Binds the port.
   *
   * @param nextFree take the next free port when the one of the settings is taken
   * @return the port that it is
   */
  Future<Integer> listen(boolean nextFree) {
    return Tls.load(vertx, settings.tls())
        .compose(tls -> listen(tls, settings.port(), nextFree ? PORTS_TRIED : 1));
  }

  private Future<Integer> listen(Tls tls, int port, int tries) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(port)
            .setHttp2ClearTextEnabled(false);
    IdleGuard idle = new IdleGuard(vertx, IDLE_TIMEOUT);
    OneEnd oneEnd = new OneEnd(options);
    return vertx
        .createHttpServer(tls.on(options, HANDSHAKE))
        .connectionHandler(
            connection -> {
              oneEnd.opened(connection);
              idle.opened(connection);
            })
        .requestHandler(
            request -> {
              idle.requested(request);
              route(request);
            })
        .invalidRequestHandler(OneEnd::refuse)
        .listen()
        .onSuccess(
            server ->
                TlsRenewal.watch(vertx, settings.tls(), tls, HANDSHAKE, server::updateSSLOptions))
        .map(HttpServer::actualPort)
        .recover(
            t -> {
              idle.stop();
              return tries > 1 && port > 0
                  ? listen(tls, port + 1, tries - 1)
                  : Future.failedFuture(Ports.taken(settings.host(), port, "management.port", t));
            });
  }

  private void route(HttpServerRequest request) {
    routes
        .getOrDefault(request.method() + " " + request.path(), this::refuseUnknown)
        .handle(request);
  }

  private void refuseUnknown(HttpServerRequest request) {
    refuse(request, 404, "there is " + String.join(", ", routes.keySet()));
  }

  private void ready(HttpServerRequest request) {
    readiness
        .missing()
        .onSuccess(
            missing ->
                answer(
                    request,
                    missing.isEmpty() ? 200 : 503,
                    new JsonObject()
                        .put("ready", missing.isEmpty())
                        .put("missing", new JsonArray(missing))));
  }

  private void nodes(HttpServerRequest request) {
    String refusal = access.refusalToRead(request);
    if (refusal != null) {
      refuse(request, 403, refusal);
      return;
    }
    nodes.ask().onSuccess(all -> answer(request, 200, json(all)));
  }

  private void scale(HttpServerRequest request) {
    String refusal = access.refusalToChange(request);
    if (refusal != null) {
      refuse(request, 403, refusal);
      return;
    }
    bodies
        .read(request)
        .compose(body -> scale(body.toJsonObject()))
        .onSuccess(scaled -> answer(request, 200, json(scaled)))
        .onFailure(t -> refuse(request, status(t), Sentences.of(t)));
  }

  private Future<List<Scaled>> scale(JsonObject wanted) {
    try {
      return scaler.scale(
          wanted.getString("verticle", ""),
          wanted.getInteger("instances", -1),
          wanted.getString("node"));
    } catch (ClassCastException e) {
      return Future.failedFuture(
          new ChatError(ErrorCode.BAD_REQUEST, "verticle and node are texts, instances a number"));
    }
  }

  private static int status(Throwable t) {
    if (t instanceof DecodeException) {
      return 400;
    }
    return switch (ChatError.of(t).code()) {
      case BAD_REQUEST -> 400;
      case NOT_FOUND -> 404;
      case TOO_LARGE -> 413;
      case DEADLINE_EXCEEDED -> 504;
      case UNAVAILABLE, OVERLOADED, SHUTTING_DOWN -> 503;
      default -> 500;
    };
  }

  private static JsonObject json(NodeDirectory.Answers answers) {
    JsonArray nodes = new JsonArray();
    for (NodeStatus status : answers.statuses()) {
      JsonObject verticles = new JsonObject();
      for (HostedVerticle hosted : status.getVerticlesList()) {
        verticles.put(hosted.getName(), hosted.getInstances());
      }
      nodes.add(
          new JsonObject()
              .put("node", status.getNodeId())
              .put("host", status.getHost())
              .put("pid", status.getPid())
              .put("state", status.getDraining() ? "draining" : "up")
              .put("verticles", verticles)
              .put("connections", status.getConnections())
              .put("partitions", status.getPartitions())
              .put("uptimeMs", status.getUptimeMs())
              .put("version", status.getVersion()));
    }
    return new JsonObject().put("nodes", nodes).put("silent", new JsonArray(answers.silent()));
  }

  private static JsonObject json(List<Scaled> scaled) {
    JsonArray nodes = new JsonArray();
    for (Scaled one : scaled) {
      nodes.add(
          new JsonObject()
              .put("node", one.getNodeId())
              .put("before", one.getBefore())
              .put("after", one.getAfter()));
    }
    return new JsonObject().put("scaled", nodes);
  }

  private static void refuse(HttpServerRequest request, int status, String text) {
    answer(request, status, new JsonObject().put("error", text));
  }

  private static void answer(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .end(body.toBuffer().appendString("\n"));
  }
}
