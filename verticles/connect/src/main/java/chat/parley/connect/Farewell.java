package chat.parley.connect;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.Set;

/**
 * The end of a bucket's sessions: each is told to connect again (1012), a share of them at a time,
 * so that they do not all arrive at the other instances in one moment.
 *
 * <p>Belongs to one event loop.
 */
final class Farewell {
  private static final long STEP_MS = 50;

  private final ContextInternal context;
  private final Set<Session> open;
  private final ArrayDeque<Session> toTell;
  private final int share;
  private final long end;
  private final Promise<Void> done = Promise.promise();

  /**
   * @param open the sessions that are open, of now and later
   */
  Farewell(ContextInternal context, ConnectSettings settings, Set<Session> open) {
    this.context = context;
    this.open = open;
    this.toTell = new ArrayDeque<>(open);
    long steps = Math.max(1, settings.goodbye().toMillis() / STEP_MS);
    this.share = (int) Math.max(1, (toTell.size() + steps - 1) / steps);
    this.end = now() + settings.goodbye().plus(settings.drain()).toMillis();
  }

  /** Completes when all are closed, or at the deadline. */
  Future<Void> run() {
    step();
    return done.future();
  }

  private void step() {
    for (int i = 0; i < share && !toTell.isEmpty(); i++) {
      toTell.poll().close(CloseReason.RESTART);
    }
    if (toTell.isEmpty()) {
      toTell.addAll(open); // Who connected meanwhile; to close twice is to close once.
    }
    if (open.isEmpty() || now() >= end) {
      done.complete();
    } else {
      context.setTimer(STEP_MS, timer -> step());
    }
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }
}
