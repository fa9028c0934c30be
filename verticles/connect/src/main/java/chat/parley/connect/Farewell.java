package chat.parley.connect;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The end of a bucket's sessions. A share of them at a time is heard out (nothing more is read of
 * them, and what was read is answered) and then told to connect again, so that they do not all
 * arrive at the other instances in one moment.
 *
 * <p>Belongs to one event loop.
 */
final class Farewell {
  private static final long STEP_MS = 50;

  /** A v2 client is asked to stay away for a random part of this. */
  private static final long LONGEST_ABSENCE_MS = 1_000;

  private final ContextInternal context;
  private final Set<Session> open;
  private final IntSupplier underWay;
  private final ArrayDeque<Session> toTell;
  private final List<HeardOut> heardOut = new ArrayList<>();
  private final int share;
  private final long patienceMs;
  private final long end;
  private final Promise<Void> done = Promise.promise();

  private record HeardOut(Session session, long until) {}

  /**
   * @param open the sessions that are open, of now and later
   * @param underWay requests in their name that have no answer yet
   */
  Farewell(
      ContextInternal context, ConnectSettings settings, Set<Session> open, IntSupplier underWay) {
    this.context = context;
    this.open = open;
    this.underWay = underWay;
    this.toTell = new ArrayDeque<>(open);
    this.share = shareOf(toTell.size(), settings);
    this.patienceMs = settings.deadline().toMillis();
    this.end = now() + settings.goodbye().plus(settings.drain()).toMillis();
  }

  /** So many a step that all are told at the rate of the settings, or faster to be in time. */
  static int shareOf(int sessions, ConnectSettings settings) {
    long steps = Math.max(1, settings.goodbye().toMillis() / STEP_MS);
    long inTime = (sessions + steps - 1) / steps;
    return (int) Math.max(1, Math.max(inTime, settings.goodbyeRate() * STEP_MS / 1_000));
  }

  /**
   * Milliseconds within which so many clients are asked to come back: as long as their goodbyes
   * take, but not longer than a person would put up with.
   */
  static long absenceMs(int sessions, ConnectSettings settings) {
    int share = shareOf(sessions, settings);
    long steps = (sessions + share - 1) / share;
    return Math.min(LONGEST_ABSENCE_MS, Math.max(1, steps) * STEP_MS);
  }

  /** Completes when all are closed and what they sent is answered for, or at the deadline. */
  Future<Void> run() {
    step();
    return done.future();
  }

  private void step() {
    long now = now();
    for (int i = 0; i < share && !toTell.isEmpty(); i++) {
      Session session = toTell.poll();
      session.hearOut();
      heardOut.add(new HeardOut(session, now + patienceMs));
    }
    heardOut.removeIf(each -> told(each, now));
    if (toTell.isEmpty() && heardOut.isEmpty()) {
      open.stream().filter(session -> !session.closing()).forEach(toTell::add); // Came meanwhile.
    }
    if (open.isEmpty() && underWay.getAsInt() == 0 || now >= end) {
      done.complete();
    } else {
      context.setTimer(STEP_MS, timer -> step());
    }
  }

  private static boolean told(HeardOut each, long now) {
    if (each.session.busy() && !each.session.closing() && now < each.until) {
      return false;
    }
    each.session.close(CloseReason.RESTART);
    return true;
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }
}
