package chat.parley.api.v1;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;

/** Which pages of other origins may call. */
public final class Cors {
  private static final CharSequence ANY = HttpHeaders.createOptimized("*");
  private static final CharSequence HEADERS =
      HttpHeaders.createOptimized("Origin, X-Requested-With, Content-Type, Accept");
  private static final CharSequence METHODS =
      HttpHeaders.createOptimized("GET, OPTIONS, POST, PUT, DELETE");
  private static final CharSequence MAX_AGE = HttpHeaders.createOptimized("600");

  private final boolean any;
  private final Set<String> origins;

  /**
   * @param origins as a browser sends them; {@code *} for any
   */
  public Cors(List<String> origins) {
    this.any = origins.contains("*");
    this.origins = Set.copyOf(origins);
  }

  /** Says on an answer whether the page that asked may read it. */
  void allowOrigin(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (any) {
      response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
      return;
    }
    response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && origins.contains(origin)) {
      response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
  }

  /** Says on the answer to a preflight what a page may send. */
  void allowRequests(HttpServerResponse response) {
    response
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
        .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE);
  }
}
