package chat.parley.api.v2;

import chat.parley.api.http.Callers;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;

/** A request that found its route. */
final class V2Request {
  private static final String BEARER = "Bearer ";

  private final HttpServerRequest http;
  private final Map<String, String> path;
  private final V2Body body;
  private final Callers callers;

  /**
   * @param path named segments
   * @param body null for a route that takes none
   */
  V2Request(HttpServerRequest http, Map<String, String> path, V2Body body, Callers callers) {
    this.http = http;
    this.path = path;
    this.body = body;
    this.callers = callers;
  }

  /** Where the request comes from; empty when it is not known. */
  String clientAddress() {
    return callers.of(http);
  }

  V2Body body() {
    return body;
  }

  /** The session's token, from the one place where it may stand: no log writes this header. */
  String token() {
    String header = http.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw noToken();
    }
    String token = header.substring(BEARER.length()).trim();
    if (token.isEmpty()) {
      throw noToken();
    }
    return token;
  }

  /** A segment of the path by its name in the route. */
  String path(String name) {
    return path.get(name);
  }

  /** An id in the path. */
  long pathId(String name) {
    return Numbers.positive("the " + name + " in the path", path.get(name));
  }

  /** A header; empty when it is missing. */
  String header(String name) {
    String value = http.getHeader(name);
    return value == null ? "" : value;
  }

  /** A parameter of the query; the first one of several. */
  Optional<String> query(String name) {
    try {
      return Optional.ofNullable(http.params(true).get(name));
    } catch (IllegalArgumentException malformed) {
      throw new ChatError(ErrorCode.BAD_REQUEST, "the query of the address is malformed");
    }
  }

  /** A number in the query, 0 or more. */
  Optional<Long> queryNumber(String name) {
    return query(name).map(digits -> Numbers.notNegative(name, digits));
  }

  private static ChatError noToken() {
    return new ChatError(
        ErrorCode.UNAUTHENTICATED, "a header is missing: Authorization: Bearer TOKEN");
  }
}
