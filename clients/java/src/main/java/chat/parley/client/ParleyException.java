package chat.parley.client;

import java.time.Duration;

/**
 * A request was refused, or could not be carried out. The code is one of the server's closed list
 * ({@code NOT_FOUND}, {@code RATE_LIMITED}, …) or one of the constants here.
 */
public final class ParleyException extends RuntimeException {
  /** Ten thousand messages wait to be acknowledged; more are taken when some have been. */
  public static final String OUTBOX_FULL = "OUTBOX_FULL";

  /** So many requests wait for an answer that no other is taken. */
  public static final String TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS";

  /** The client was closed. What is in the outbox stays there, for the next start. */
  public static final String CLOSED = "CLOSED";

  /** The server does not want this device any more, or not with this token or password. */
  public static final String ENDED = "ENDED";

  /** The state cannot be read or written. */
  public static final String STATE = "STATE";

  private final String code;
  private final boolean retryable;
  private final Duration retryAfter;

  /**
   * @param code what went wrong, for a program
   * @param message what went wrong, for a person
   * @param retryable whether the same request may succeed later
   */
  public ParleyException(String code, String message, boolean retryable) {
    this(code, message, retryable, Duration.ZERO, null);
  }

  ParleyException(
      String code, String message, boolean retryable, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }

  /** What went wrong, for a program. */
  public String code() {
    return code;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return retryable;
  }

  /** When, if the server knows; else zero. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
