package chat.parley.api.v2;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where errors become statuses and {@code application/problem+json} (RFC 9457). */
final class Problem {
  private static final Logger LOG = LoggerFactory.getLogger(Problem.class);

  private static final CharSequence PROBLEM_JSON =
      HttpHeaders.createOptimized("application/problem+json");
  private static final CharSequence BEARER = HttpHeaders.createOptimized("Bearer");

  /** Unless more is known: a node that leaves is replaced within one or a few. */
  private static final int RETRY_AFTER_SECONDS = 1;

  private Problem() {}

  static V2Answer of(Throwable t) {
    ChatError error = ChatError.of(t);
    if (error.code() == ErrorCode.INTERNAL) {
      LOG.error("A request failed for a reason of ours", error);
    }
    return answer(
        statusOf(error.code()),
        error.code(),
        error.getMessage(),
        Math.max(RETRY_AFTER_SECONDS, error.retryAfterSeconds()),
        Map.of());
  }

  static V2Answer noSuchPath() {
    return answer(404, ErrorCode.NOT_FOUND, "there is nothing at this path", Map.of());
  }

  /**
   * @param allowed the methods of the path, as the header lists them
   */
  static V2Answer methodNotAllowed(String allowed) {
    return answer(
        405,
        ErrorCode.BAD_REQUEST,
        "this path takes " + allowed,
        Map.of(HttpHeaders.ALLOW, allowed));
  }

  static V2Answer unsupportedMediaType() {
    return answer(
        415,
        ErrorCode.BAD_REQUEST,
        "the request body must be JSON, with Content-Type: application/json",
        Map.of());
  }

  /** {@code WRONG_CREDENTIALS} is {@code urn:parley:error:wrong-credentials}. */
  static String typeOf(ErrorCode code) {
    return "urn:parley:error:" + code.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static int statusOf(ErrorCode code) {
    return switch (code) {
      case BAD_REQUEST -> 400;
      case UNAUTHENTICATED, WRONG_CREDENTIALS -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case NAME_TAKEN -> 409;
      case TOO_LARGE -> 413;
      case RATE_LIMITED, TOO_MANY_IN_FLIGHT -> 429;
      case INTERNAL -> 500;
      case OVERLOADED, UNAVAILABLE, SHUTTING_DOWN -> 503;
      case DEADLINE_EXCEEDED -> 504;
    };
  }

  /** The same for every problem of a type; what was wrong this time is in the detail. */
  static String titleOf(ErrorCode code) {
    return switch (code) {
      case BAD_REQUEST -> "The request is not what the API describes";
      case UNAUTHENTICATED -> "No valid session";
      case WRONG_CREDENTIALS -> "Wrong user name or password";
      case FORBIDDEN -> "Not allowed";
      case NOT_FOUND -> "Not found";
      case NAME_TAKEN -> "The user name is taken";
      case TOO_LARGE -> "Larger than the limit";
      case RATE_LIMITED -> "Too many in too short a time";
      case TOO_MANY_IN_FLIGHT -> "Too many requests without an answer";
      case INTERNAL -> "A fault of the server";
      case OVERLOADED -> "The server is busy";
      case UNAVAILABLE -> "The service is away";
      case SHUTTING_DOWN -> "The node is stopping";
      case DEADLINE_EXCEEDED -> "No answer in time";
    };
  }

  private static V2Answer answer(
      int status, ErrorCode code, String detail, Map<CharSequence, CharSequence> more) {
    return answer(status, code, detail, RETRY_AFTER_SECONDS, more);
  }

  private static V2Answer answer(
      int status,
      ErrorCode code,
      String detail,
      int retryAfterSeconds,
      Map<CharSequence, CharSequence> more) {
    JsonObject body =
        new JsonObject()
            .put("type", typeOf(code))
            .put("title", titleOf(code))
            .put("status", status)
            .put("detail", detail)
            .put("code", code.name())
            .put("retryable", code.retryable());
    Map<CharSequence, CharSequence> headers = new HashMap<>(more);
    headers.put(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON);
    if (status == 401) {
      headers.put("WWW-Authenticate", BEARER);
    }
    if (status == 429 || status == 503) {
      body.put("retryAfterMs", 1000L * retryAfterSeconds);
      headers.put(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfterSeconds));
    }
    return new V2Answer(status, headers, body.toBuffer());
  }
}
