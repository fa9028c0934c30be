package chat.parley.api.v2;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * An answer, encoded.
 *
 * @param headers beside what every answer has
 * @param body never changed once made, so that one can answer many requests
 */
record V2Answer(int status, Map<CharSequence, CharSequence> headers, Buffer body) {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

  private static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("X-Content-Type-Options");
  private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");

  /** 204: done, and nothing to say about it. */
  static final V2Answer DONE = new V2Answer(204, Map.of(), Buffer.buffer(0));

  static V2Answer ok(JsonObject body) {
    return json(200, body);
  }

  static V2Answer created(JsonObject body) {
    return json(201, body);
  }

  private static V2Answer json(int status, JsonObject body) {
    return new V2Answer(status, Map.of(HttpHeaders.CONTENT_TYPE, JSON), body.toBuffer());
  }

  /** Everything but the body, which comes from {@link #body()}. */
  void writeHead(HttpServerResponse response) {
    // Tokens and messages: neither a browser nor a proxy is to keep them.
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
        .putHeader(CONTENT_TYPE_OPTIONS, NO_SNIFF);
    headers.forEach(response::putHeader);
  }
}
