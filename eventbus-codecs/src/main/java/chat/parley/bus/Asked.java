package chat.parley.bus;

import com.google.protobuf.Message;
import java.security.SecureRandom;

/**
 * A request, and how long who asks waits for its answer: what comes later is not to be done any
 * more, because who asked has gone elsewhere by then (docs/adr/0027).
 *
 * @param body what is asked
 * @param clock whose clock it is: a number of the sending process, of its lifetime
 * @param sentMs when it was sent, on that clock
 * @param waitsMs how long from then on somebody waits
 */
public record Asked(Message body, long clock, long sentMs, int waitsMs) {
  /** Bytes behind the body on the wire. */
  static final int STAMP = 2 * Long.BYTES + Integer.BYTES;

  private static final long OWN_CLOCK = new SecureRandom().nextLong();

  /** A request that is sent now. */
  public static Asked now(Message body, long waitsMs) {
    return new Asked(body, OWN_CLOCK, nowMs(), (int) Math.min(waitsMs, Integer.MAX_VALUE));
  }

  /**
   * The request that a consumer was sent.
   *
   * @return null when it does not say how long somebody waits: an older node has sent it
   */
  public static Asked in(io.vertx.core.eventbus.Message<?> received) {
    Object body = received.body();
    return body instanceof Asked asked ? asked : null;
  }

  /** Whether it was sent by this process. */
  public boolean isOwn() {
    return clock == OWN_CLOCK;
  }

  /** This process's clock, which nobody sets and which goes on while the process stands still. */
  public static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }
}
