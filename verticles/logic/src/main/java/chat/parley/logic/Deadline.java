package chat.parley.logic;

import chat.parley.bus.Asked;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Until when who asked waits. A service looks again before each step that would undo what was done
 * elsewhere since then: the process may have stood still after the request was begun.
 */
final class Deadline {
  /** Of a request that does not say. */
  static final Deadline NONE = new Deadline(Long.MAX_VALUE);

  private final long endMs;

  /**
   * @param endMs on this process's clock, {@link Asked#nowMs()}
   */
  Deadline(long endMs) {
    this.endMs = endMs;
  }

  /** Does a step, or fails with {@code DEADLINE_EXCEEDED} because nobody waits for it any more. */
  <T> Future<T> before(Supplier<Future<T>> step) {
    if (Asked.nowMs() >= endMs) {
      LogicMetrics.late();
      return Future.failedFuture(passed());
    }
    return step.get();
  }

  /** What who came too late would hear. */
  static ChatError passed() {
    return new ChatError(
        ErrorCode.DEADLINE_EXCEEDED, "the request came too late to be done, please try again");
  }
}
