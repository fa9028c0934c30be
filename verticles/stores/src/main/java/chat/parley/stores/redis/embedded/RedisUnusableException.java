package chat.parley.stores.redis.embedded;

/** Why there is no embedded Redis, in one sentence for the one who started the program. */
public final class RedisUnusableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RedisUnusableException(String message) {
    super(message);
  }

  RedisUnusableException(String message, Throwable cause) {
    super(message, cause);
  }
}
