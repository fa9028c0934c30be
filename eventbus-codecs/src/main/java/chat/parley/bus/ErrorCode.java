package chat.parley.bus;

/**
 * The closed list of errors, shared by every wire. The number crosses the bus and is never reused.
 */
public enum ErrorCode {
  /** The request is malformed or a field is missing; the text names it. */
  BAD_REQUEST(1, false),
  /** No token, or one that is unknown, expired or revoked. */
  UNAUTHENTICATED(2, false),
  /** Name and password do not belong together; does not say which of them is wrong. */
  WRONG_CREDENTIALS(3, false),
  /** The user name belongs to somebody. */
  NAME_TAKEN(4, false),
  /** Known, but may not: for example posting to a room that the session has not joined. */
  FORBIDDEN(5, false),
  /** The user or room does not exist. */
  NOT_FOUND(6, false),
  /** Larger than the limit that the text names. */
  TOO_LARGE(7, false),
  /** This sender sends faster than it may. */
  RATE_LIMITED(8, true),
  /** A bounded queue is full; nothing was accepted. */
  OVERLOADED(9, true),
  /** Nobody there to answer, or what is behind it is away; nothing was accepted. */
  UNAVAILABLE(10, true),
  /** No answer before the deadline: whether it took place is unknown. */
  DEADLINE_EXCEEDED(11, true),
  /** The node is draining and took nothing; another one will. */
  SHUTTING_DOWN(12, true),
  /** A fault of ours. */
  INTERNAL(13, false),
  /** This connection has as many requests without an answer as it may; nothing was accepted. */
  TOO_MANY_IN_FLIGHT(14, true);

  private static final ErrorCode[] BY_NUMBER = new ErrorCode[15];

  static {
    for (ErrorCode code : values()) {
      BY_NUMBER[code.number] = code;
    }
  }

  private final int number;
  private final boolean retryable;

  ErrorCode(int number, boolean retryable) {
    this.number = number;
    this.retryable = retryable;
  }

  /** What stands for this code on the bus. */
  public int number() {
    return number;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return retryable;
  }

  /** The code of a number; {@link #INTERNAL} for one that a newer node may know. */
  public static ErrorCode of(int number) {
    return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : INTERNAL;
  }
}
