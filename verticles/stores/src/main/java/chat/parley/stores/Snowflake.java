package chat.parley.stores;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Ids that ascend and never repeat: 41 bits of milliseconds since 2024-01-01, 10 bits of a leased
 * node number, 12 bits of a sequence (the layout of Twitter's snowflake).
 *
 * <p>Thread-safe, never waits. When the clock steps back, ids go on from the last one; when that
 * would put them more than a second ahead of the clock, {@link #next} fails.
 */
public final class Snowflake {
  /** Milliseconds of the epoch at which ids begin. */
  public static final long EPOCH_MS = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();

  private static final int NODE_BITS = 10;
  private static final int SEQUENCE_BITS = 12;
  private static final int MAX_SEQUENCE = (1 << SEQUENCE_BITS) - 1;
  private static final long MAX_AHEAD_MS = 1_000;

  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private int number;
  private long heldUntilNanos;
  private boolean held;
  private long lastMs;
  private int sequence;

  /**
   * @param clock the wall clock
   * @param nanoTime a clock that never steps, for the lease
   */
  public Snowflake(InstantSource clock, LongSupplier nanoTime) {
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Gives or prolongs the node number.
   *
   * @param untilNanos by the clock that never steps: until then nobody else has the number
   */
  public synchronized void hold(int number, long untilNanos) {
    this.number = number;
    this.heldUntilNanos = untilNanos;
    this.held = true;
  }

  /** No more ids until the next {@link #hold}. */
  public synchronized void lose() {
    held = false;
  }

  /**
   * A new id, higher than every earlier one of this object.
   *
   * @throws ChatError {@code UNAVAILABLE} while the number's lease is not known to hold, or the
   *     clock is more than a second behind
   */
  public synchronized long next() {
    if (!held || nanoTime.getAsLong() - heldUntilNanos >= 0) {
      throw new ChatError(ErrorCode.UNAVAILABLE, "the node's lease does not hold now");
    }
    long now = clock.millis() - EPOCH_MS;
    long ms = lastMs;
    int count = sequence + 1;
    if (now > lastMs || count > MAX_SEQUENCE) {
      ms = Math.max(now, lastMs + 1);
      count = 0;
    }
    if (ms - now > MAX_AHEAD_MS) {
      throw new ChatError(ErrorCode.UNAVAILABLE, "the node's clock has stepped back");
    }
    lastMs = ms;
    sequence = count;
    return ms << (NODE_BITS + SEQUENCE_BITS) | (long) number << SEQUENCE_BITS | count;
  }
}
