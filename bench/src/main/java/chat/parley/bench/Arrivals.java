package chat.parley.bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Deliveries of a round: how late after their scheduled time, in all and by the second.
 *
 * <p>Belongs to the loop of the sockets.
 */
final class Arrivals {
  private static final int DIGITS = 3;

  private final Histogram all = microseconds();
  private final Histogram second = microseconds();
  private final List<Second> seconds = new ArrayList<>();
  private final RoundClock clock;
  private long count;
  private long countAtSecond;
  private long lastAt;
  private long stray;

  /**
   * One second of the round.
   *
   * @param at seconds since the round began
   * @param deliveries in this second
   */
  record Second(double at, long deliveries, double p50Ms, double p99Ms, double maxMs) {}

  Arrivals(RoundClock clock) {
    this.clock = clock;
  }

  /** A histogram of microseconds that grows with what it is given. */
  static Histogram microseconds() {
    Histogram histogram = new Histogram(DIGITS);
    histogram.setAutoResize(true);
    return histogram;
  }

  void arrived(long scheduled, long now) {
    count++;
    lastAt = now;
    long late = Math.max(0, clock.micros(now) - scheduled);
    second.recordValue(late);
    if (clock.measures(scheduled)) {
      all.recordValue(late);
    }
  }

  /** A message of this run that its receiver should not have been given. */
  void stray() {
    stray++;
  }

  /** Ends a second of the timeline. */
  void tick(long now) {
    seconds.add(
        new Second(
            clock.micros(now) / 1e6,
            count - countAtSecond,
            ms(second, 50),
            ms(second, 99),
            second.getMaxValue() / 1e3));
    countAtSecond = count;
    second.reset();
  }

  static double ms(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile) / 1e3;
  }

  Histogram latency() {
    return all;
  }

  List<Second> seconds() {
    return seconds;
  }

  long count() {
    return count;
  }

  long strays() {
    return stray;
  }

  /** When the last one came, by {@link System#nanoTime}. */
  long lastAt() {
    return lastAt;
  }
}
