package chat.parley.connect;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.micrometer.core.instrument.Counter;
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
 * <p>No more wait than there may be connections; one more is told to try again.
 *
 * <p>Belongs to one event loop.
 */
final class Turns {
  private static final Counter FULL = Bounds.refusals("connect.max-openings");
  private static final Counter LATE = Bounds.refusals("connect.opening-wait");

  private final int atOneTime;
  private final int bound;
  private final long patienceMs;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean handingOut;

  private record Waiting(Session session, Promise<Void> turn, long until) {}

  Turns(ConnectSettings settings) {
    this.atOneTime = settings.maxOpenings();
    this.bound = settings.maxConnections();
    this.patienceMs = settings.openingWait().toMillis();
  }

  /**
   * Does something for a session when its turn has come; the next one's comes when that has ended.
   *
   * @return what was done; {@code OVERLOADED} when the turn does not come in time
   */
  <T> Future<T> take(Session session, Supplier<Future<T>> work) {
    if (underWay < atOneTime && waiting.isEmpty()) {
      return begin(work);
    }
    if (waiting.size() >= bound) {
      FULL.increment();
      return Future.failedFuture(tooMany());
    }
    Promise<Void> turn = Promise.promise();
    waiting.add(new Waiting(session, turn, session.bucket().now() + patienceMs));
    return turn.future().compose(come -> begin(work));
  }

  /** Sends those away who have waited for too long; to be called from time to time. */
  void expire(long now) {
    while (!waiting.isEmpty() && waiting.peek().until <= now) {
      LATE.increment();
      waiting.poll().turn.fail(tooMany());
    }
  }

  private static ChatError tooMany() {
    return new ChatError(ErrorCode.OVERLOADED, "too many connect at once, please try again");
  }

  private <T> Future<T> begin(Supplier<Future<T>> work) {
    underWay++;
    return resultOf(work)
        .onComplete(
            done -> {
              underWay--;
              next();
            });
  }

  private static <T> Future<T> resultOf(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** A loop and no recursion: all of a long queue may fail at once. */
  private void next() {
    if (handingOut) {
      return;
    }
    handingOut = true;
    while (underWay < atOneTime && !waiting.isEmpty()) {
      Waiting first = waiting.poll();
      if (first.session.closing()) {
        first.turn.fail(new ChatError(ErrorCode.SHUTTING_DOWN, "the connection is closed"));
      } else {
        first.turn.complete();
      }
    }
    handingOut = false;
  }
}
