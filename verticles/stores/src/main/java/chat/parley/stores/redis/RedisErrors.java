package chat.parley.stores.redis;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an error reply of Redis means to a caller. */
final class RedisErrors {
  /** Redis 6 wraps what a command in a script answered: {@code … @user_script:5: -OOM …}. */
  private static final Pattern IN_SCRIPT = Pattern.compile("@user_script: ?\\d+: -?([A-Z]+) ");

  private RedisErrors() {}

  /** A reply that is no error. */
  static Future<Response> check(Response reply) {
    return reply != null && reply.type() == ResponseType.ERROR
        ? Future.failedFuture(of(reply.toString()))
        : Future.succeededFuture(reply);
  }

  /**
   * @param reply its first word is the kind of error
   */
  static ChatError of(String reply) {
    IllegalStateException cause = new IllegalStateException("Redis answered: " + reply);
    Matcher inScript = IN_SCRIPT.matcher(reply);
    String kind = inScript.find() ? inScript.group(1) : reply.split(" ", 2)[0];
    return switch (kind) {
      case "OOM" -> new ChatError(ErrorCode.OVERLOADED, "Redis has no memory left", cause);
      case "LOADING",
          "BUSY",
          "MISCONF",
          "READONLY",
          "MASTERDOWN",
          "NOREPLICAS",
          "CLUSTERDOWN",
          "NOAUTH",
          "WRONGPASS" ->
          new ChatError(ErrorCode.UNAVAILABLE, "Redis does not serve now (" + kind + ")", cause);
      default -> new ChatError(ErrorCode.INTERNAL, "Redis refused a command", cause);
    };
  }
}
