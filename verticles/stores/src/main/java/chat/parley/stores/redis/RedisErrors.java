package chat.parley.stores.redis;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;

/** What an error reply of Redis means to a caller. */
final class RedisErrors {
  private RedisErrors() {}

  /**
   * @param reply its first word is the kind of error
   */
  static ChatError of(String reply) {
    IllegalStateException cause = new IllegalStateException("Redis answered: " + reply);
    String kind = reply.split(" ", 2)[0];
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
