package chat.parley.connect;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * The joins and openings of a bucket: so many are under way at one time, and the others wait in the
 * order in which they came. When everybody reconnects in one moment nobody is refused for it; what
 * stands behind connect has as much to do as it can do at a time. Who has waited for longer than
 * the patience is told to try again, and whose socket has closed meanwhile is passed over.
 *
 * <p>A session waits once at most, so the bound on connections is the queue's bound too.
 *
 * <p>Belongs to one event loop.
 */
final class Turns {
  private final int atOneTime;
  private final long patienceMs;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int underWay;

  private record Waiting(Session session, Promise<Void> turn, long until) {}

  Turns(int atOneTime, long patienceMs) {
    this.atOneTime = atOneTime;
    this.patienceMs = patienceMs;
  }

  /**
   * Does something for a session when its turn has come; the next one's comes when that has ended.
   *
   * @return what was done; {@code OVERLOADED} when the turn did not come in time
   */
  <T> Future<T> take(Session session, Supplier<Future<T>> work) {
    if (underWay < atOneTime) {
      return begin(work);
    }
    Promise<Void> turn = Promise.promise();
    waiting.add(new Waiting(session, turn, session.bucket().now() + patienceMs));
    return turn.future().compose(come -> begin(work));
  }

  /** Sends those away who have waited for too long; to be called from time to time. */
  void expire(long now) {
    while (!waiting.isEmpty() && waiting.peek().until <= now) {
      waiting
          .poll()
          .turn
          .fail(new ChatError(ErrorCode.OVERLOADED, "too many connect at once, please try again"));
    }
  }

  private <T> Future<T> begin(Supplier<Future<T>> work) {
    underWay++;
    return work.get()
        .onComplete(
            done -> {
              underWay--;
              next();
            });
  }

  private void next() {
    while (underWay < atOneTime && !waiting.isEmpty()) {
      Waiting first = waiting.poll();
      if (first.session.closing()) {
        first.turn.fail(new ChatError(ErrorCode.SHUTTING_DOWN, "the connection is closed"));
      } else {
        first.turn.complete();
      }
    }
  }
}
