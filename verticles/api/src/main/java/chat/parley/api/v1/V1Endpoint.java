package chat.parley.api.v1;

import chat.parley.api.http.BodyReader;
import chat.parley.api.http.Callers;
import chat.parley.api.http.Cors;
import chat.parley.api.http.Endpoint;
import chat.parley.bus.ChatError;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.Map;

/**
 * Answers every request exactly once and with status 200, as v1 clients expect: what went wrong is
 * in the body's code. Belongs to one event loop.
 */
public final class V1Endpoint implements Endpoint {
  private static final CharSequence JSON =
      HttpHeaders.createOptimized("application/json; charset=utf-8");
  private static final CharSequence CORS_HEADERS =
      HttpHeaders.createOptimized("Origin, X-Requested-With, Content-Type, Accept");
  private static final CharSequence CORS_METHODS =
      HttpHeaders.createOptimized("GET, OPTIONS, POST, PUT, DELETE");
  private static final V1Answer NO_SUCH_REQUEST =
      V1Answer.failure(V1Answer.FAILURE, "please check request url !");

  private final Cors cors;
  private final BodyReader bodies;
  private final Callers callers;
  private final Map<String, V1Operation> operations = new HashMap<>();

  /**
   * @param operations by path; no path is in two of the maps
   */
  @SafeVarargs
  public V1Endpoint(
      Cors cors, BodyReader bodies, Callers callers, Map<String, V1Operation>... operations) {
    this.cors = cors;
    this.bodies = bodies;
    this.callers = callers;
    for (Map<String, V1Operation> some : operations) {
      this.operations.putAll(some);
    }
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (request.method() == HttpMethod.OPTIONS) {
      preflight(request);
      return;
    }
    V1Operation operation =
        request.method() == HttpMethod.POST ? operations.get(request.path()) : null;
    bodies
        .read(request)
        .compose(body -> perform(operation, request, body))
        .otherwise(V1Failure::of)
        .onSuccess(answer -> end(request, answer));
  }

  @Override
  public void refuse(HttpServerRequest request, ChatError error) {
    end(request, V1Failure.of(error));
  }

  private Future<V1Answer> perform(V1Operation operation, HttpServerRequest request, Buffer body) {
    return operation == null
        ? Future.succeededFuture(NO_SUCH_REQUEST)
        : operation.apply(V1Request.parse(body, () -> callers.of(request)));
  }

  private void preflight(HttpServerRequest request) {
    cors.allowOrigin(request);
    cors.allowRequests(request.response(), CORS_METHODS, CORS_HEADERS);
    request.response().end();
  }

  private void end(HttpServerRequest request, V1Answer answer) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    cors.allowOrigin(request);
    response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    BodyReader.answer(request, answer.body());
  }
}
