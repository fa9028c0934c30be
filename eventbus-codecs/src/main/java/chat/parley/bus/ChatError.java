package chat.parley.bus;

import chat.parley.proto.Failure;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A failure with a code of the closed list. The text is for the one who asked: it names what was
 * wrong and holds neither tokens nor message texts.
 */
public final class ChatError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What stands for an error on the bus is its code's number and, above it, the wait. */
  private static final int SECONDS = 256;

  private static final int LONGEST_WAIT_S = 1 << 20;

  private final ErrorCode code;
  private final int retryAfterSeconds;

  public ChatError(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** No stack trace: an error is an answer here. The cause keeps its own, for the log. */
  public ChatError(ErrorCode code, String message, Throwable cause) {
    this(code, message, 0, cause);
  }

  private ChatError(ErrorCode code, String message, int retryAfterSeconds, Throwable cause) {
    super(message, cause, false, false);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Too often: the text says so, and when to come back. */
  public static ChatError rateLimited(String tooMany, Duration wait) {
    int seconds = (int) Math.min(LONGEST_WAIT_S, Math.max(1, wait.plusMillis(999).toSeconds()));
    return new ChatError(
        ErrorCode.RATE_LIMITED, tooMany + ", please try again in " + seconds + " s", seconds, null);
  }

  public ErrorCode code() {
    return code;
  }

  public boolean retryable() {
    return code.retryable();
  }

  /** When the same request may succeed, in seconds; 0: it is not known. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** Ends a bus request with this error. */
  public void failTo(Message<?> request) {
    request.fail(number(), getMessage());
  }

  /** As it stands inside an answer. */
  public Failure toFailure() {
    return Failure.newBuilder().setCode(number()).setMessage(getMessage()).build();
  }

  /** The error that stands inside an answer. */
  public static ChatError of(Failure failure) {
    return of(failure.getCode(), failure.getMessage(), null);
  }

  private int number() {
    return code.number() + SECONDS * retryAfterSeconds;
  }

  private static ChatError of(int number, String message, Throwable cause) {
    return new ChatError(
        ErrorCode.of(number % SECONDS), message, Math.max(0, number / SECONDS), cause);
  }

  /**
   * The one mapper from a Throwable to an error. What is not known here is {@link
   * ErrorCode#INTERNAL} with the Throwable as its cause, for the log and not for the wire.
   */
  public static ChatError of(Throwable t) {
    if (t instanceof ChatError known) {
      return known;
    }
    if (t instanceof ReplyException reply) {
      return ofReply(reply);
    }
    if (t instanceof TimeoutException) {
      return new ChatError(ErrorCode.DEADLINE_EXCEEDED, "no answer in time, please try again", t);
    }
    return new ChatError(ErrorCode.INTERNAL, "internal error", t);
  }

  private static ChatError ofReply(ReplyException reply) {
    return switch (reply.failureType()) {
      case TIMEOUT ->
          new ChatError(ErrorCode.DEADLINE_EXCEEDED, "no answer in time, please try again", reply);
      case NO_HANDLERS ->
          new ChatError(
              ErrorCode.UNAVAILABLE, "the service is away for now, please try again", reply);
      case RECIPIENT_FAILURE -> of(reply.failureCode(), reply.getMessage(), reply);
      default -> new ChatError(ErrorCode.INTERNAL, "internal error", reply);
    };
  }
}
