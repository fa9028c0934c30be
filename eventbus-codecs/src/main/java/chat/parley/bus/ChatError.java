package chat.parley.bus;

import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.util.concurrent.TimeoutException;

/**
 * A failure with a code of the closed list. The text is for the one who asked: it names what was
 * wrong and holds neither tokens nor message texts.
 */
public final class ChatError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;

  public ChatError(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** No stack trace: an error is an answer here. The cause keeps its own, for the log. */
  public ChatError(ErrorCode code, String message, Throwable cause) {
    super(message, cause, false, false);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }

  public boolean retryable() {
    return code.retryable();
  }

  /** Ends a bus request with this error. */
  public void failTo(Message<?> request) {
    request.fail(code.number(), getMessage());
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
      case RECIPIENT_FAILURE ->
          new ChatError(ErrorCode.of(reply.failureCode()), reply.getMessage(), reply);
      default -> new ChatError(ErrorCode.INTERNAL, "internal error", reply);
    };
  }
}
