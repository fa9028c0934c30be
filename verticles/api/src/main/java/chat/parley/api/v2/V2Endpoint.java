package chat.parley.api.v2;

import chat.parley.api.http.BodyReader;
import chat.parley.api.http.Callers;
import chat.parley.api.http.Cors;
import chat.parley.api.http.Endpoint;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.LogicClient;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers every request under {@value #ROOT} exactly once. Belongs to one event loop.
 *
 * <p>A body is read to its end before anything is answered, so that the connection stays usable.
 */
public final class V2Endpoint implements Endpoint {
  static final String ROOT = "/api/v2";

  private static final CharSequence CORS_METHODS =
      HttpHeaders.createOptimized("GET, POST, PUT, PATCH, DELETE");
  private static final CharSequence CORS_HEADERS =
      HttpHeaders.createOptimized("Authorization, Content-Type, Idempotency-Key");
  private static final CharSequence CORS_EXPOSED =
      HttpHeaders.createOptimized("Retry-After, WWW-Authenticate");

  private final Cors cors;
  private final BodyReader bodies;
  private final Callers callers;
  private final List<V2Route> routes;

  /**
   * @param deadline of what takes more than one question to logic
   */
  public V2Endpoint(
      Cors cors, BodyReader bodies, Callers callers, LogicClient logic, Duration deadline) {
    this.cors = cors;
    this.bodies = bodies;
    this.callers = callers;
    this.routes = routes(logic, deadline);
  }

  /** Whether a request is for this endpoint. */
  public static boolean serves(HttpServerRequest request) {
    String path = request.path();
    return path != null && (path.equals(ROOT) || path.startsWith(ROOT + "/"));
  }

  static List<V2Route> routes(LogicClient logic, Duration deadline) {
    return Stream.of(
            new V2Accounts(logic).routes(),
            new V2Devices(logic).routes(),
            new V2Conversations(logic).routes(),
            new V2Users(logic).routes(),
            new V2Rooms(logic).routes(),
            new V2Messages(logic, deadline).routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (request.method() == HttpMethod.OPTIONS) {
      preflight(request);
      return;
    }
    bodies
        .read(request)
        .compose(body -> perform(request, body))
        .otherwise(Problem::of)
        .onSuccess(answer -> end(request, answer));
  }

  @Override
  public void refuse(HttpServerRequest request, ChatError error) {
    end(request, Problem.of(error));
  }

  private Future<V2Answer> perform(HttpServerRequest request, Buffer body) {
    List<String> segments = segments(request.path());
    for (V2Route route : routes) {
      if (route.method().equals(request.method())) {
        Optional<Map<String, String>> named = route.match(segments);
        if (named.isPresent()) {
          return perform(route, request, named.get(), body);
        }
      }
    }
    String allowed = allowedAt(segments);
    return Future.succeededFuture(
        allowed.isEmpty() ? Problem.noSuchPath() : Problem.methodNotAllowed(allowed));
  }

  private Future<V2Answer> perform(
      V2Route route, HttpServerRequest request, Map<String, String> named, Buffer body) {
    if (!route.takesBody()) {
      return route.operation().apply(new V2Request(request, named, null, callers));
    }
    if (!isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
      return Future.succeededFuture(Problem.unsupportedMediaType());
    }
    return route.operation().apply(new V2Request(request, named, V2Body.parse(body), callers));
  }

  private String allowedAt(List<String> segments) {
    return routes.stream()
        .filter(route -> route.match(segments).isPresent())
        .map(route -> route.method().name())
        .collect(Collectors.joining(", "));
  }

  private static boolean isJson(String contentType) {
    return contentType != null
        && contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT).equals("application/json");
  }

  private static List<String> segments(String path) {
    try {
      return Arrays.stream(path.substring(1).split("/", -1)).map(V2Endpoint::decoded).toList();
    } catch (IllegalArgumentException malformed) {
      throw new ChatError(ErrorCode.BAD_REQUEST, "the path of the address is malformed");
    }
  }

  private static String decoded(String segment) {
    // A plus is a plus in a path.
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private void preflight(HttpServerRequest request) {
    cors.allowOrigin(request);
    cors.allowRequests(request.response(), CORS_METHODS, CORS_HEADERS);
    request.response().setStatusCode(204).end();
  }

  private void end(HttpServerRequest request, V2Answer answer) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    cors.allowOrigin(request);
    response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, CORS_EXPOSED);
    answer.writeHead(response);
    BodyReader.answer(request, answer.body());
  }
}
