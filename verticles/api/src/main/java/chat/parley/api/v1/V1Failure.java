package chat.parley.api.v1;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where errors become codes and texts of v1. */
final class V1Failure {
  private static final Logger LOG = LoggerFactory.getLogger(V1Failure.class);
  private static final String TRY_AGAIN = "please try again";

  private static final V1Answer SESSION_ERROR =
      V1Answer.failure(V1Answer.SESSION_ERROR, "Session error");

  private V1Failure() {}

  static V1Answer of(Throwable t) {
    ChatError error = ChatError.of(t);
    if (error.code() == ErrorCode.UNAUTHENTICATED) {
      return SESSION_ERROR;
    }
    if (error.code() == ErrorCode.INTERNAL) {
      LOG.error("A request failed for a reason of ours", error);
    }
    return V1Answer.failure(V1Answer.FAILURE, text(error));
  }

  private static String text(ChatError error) {
    return switch (error.code()) {
      case NAME_TAKEN -> "this user name already have , please login !!!";
      case WRONG_CREDENTIALS -> "no this user or password error!";
      default ->
          error.retryable() && !error.getMessage().contains(TRY_AGAIN)
              ? error.getMessage() + ", " + TRY_AGAIN
              : error.getMessage();
    };
  }
}
