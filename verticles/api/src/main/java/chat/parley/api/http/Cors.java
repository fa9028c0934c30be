package chat.parley.api.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;

/** Which pages of other origins may call. */
public final class Cors {
  private static final CharSequence ANY = HttpHeaders.createOptimized("*");
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
  public void allowOrigin(HttpServerRequest request) {
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

  /**
   * Says on the answer to a preflight what a page may send.
   *
   * @param methods as the header lists them
   * @param headers as the header lists them
   */
  public void allowRequests(
      HttpServerResponse response, CharSequence methods, CharSequence headers) {
    response
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, methods)
        .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE);
  }
}
