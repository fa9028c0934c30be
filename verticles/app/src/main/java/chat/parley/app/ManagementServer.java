package chat.parley.app;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.HostedVerticle;
import chat.parley.proto.NodeStatus;
import chat.parley.proto.Scaled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The process's own port, for probes and operators: {@code GET /live}, {@code GET /ready}, {@code
 * GET /nodes}, {@code POST /scale}.
 */
final class ManagementServer {
  private static final int MAX_BODY = 4_096;

  /** How many ports a process that shares its machine tries. */
  private static final int PORTS_TRIED = 100;

  private final Vertx vertx;
  private final ManagementSettings settings;
  private final Readiness readiness;
  private final NodeDirectory nodes;
  private final Scaler scaler;
  private final ManagementAccess access;
  private final MetricsPage metrics = new MetricsPage();

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
  }

  /**
   * Binds the port.
   *
   * @param nextFree take the next free port when the one of the settings is taken
   * @return the port that it is
   */
  Future<Integer> listen(boolean nextFree) {
    return listen(settings.port(), nextFree ? PORTS_TRIED : 1);
  }

  private Future<Integer> listen(int port, int tries) {
    HttpServer server =
        vertx.createHttpServer(new HttpServerOptions().setHost(settings.host()).setPort(port));
    return server
        .requestHandler(this::route)
        .listen()
        .map(HttpServer::actualPort)
        .recover(
            t ->
                tries > 1 && port > 0
                    ? listen(port + 1, tries - 1)
                    : Future.failedFuture(
                        Ports.taken(settings.host(), port, "management.port", t)));
  }

  private void route(HttpServerRequest request) {
    switch (request.method() + " " + request.path()) {
      case "GET /live" -> answer(request, 200, new JsonObject().put("status", "up"));
      case "GET /ready" ->
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
      case "GET /nodes" -> nodes.ask().onSuccess(all -> answer(request, 200, json(all)));
      case "GET /metrics" -> metrics.answer(request);
      case "POST /scale" -> scale(request);
      default -> refuse(request, 404, "there is /live, /ready, /nodes, /metrics and POST /scale");
    }
  }

  private void scale(HttpServerRequest request) {
    String refusal = access.refusal(request);
    if (refusal != null) {
      refuse(request, 403, refusal);
      return;
    }
    String length = request.getHeader("content-length");
    if (length == null || !length.matches("\\d{1,4}") || Integer.parseInt(length) > MAX_BODY) {
      refuse(request, 413, "a request has a content-length of at most " + MAX_BODY);
      return;
    }
    request
        .body()
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
        .end(body.toBuffer().appendString("\n"));
  }
}
