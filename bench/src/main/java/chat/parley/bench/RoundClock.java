package chat.parley.bench;

/**
 * The time of a round, and which part of it is measured. Started once, before anything is sent;
 * read by any thread.
 */
final class RoundClock {
  private final long from;
  private final long to;
  private volatile long began = System.nanoTime();

  /**
   * @param from microseconds since the start: what is to be sent from here on is measured
   * @param to and until here
   */
  RoundClock(long from, long to) {
    this.from = from;
    this.to = to;
  }

  void start() {
    began = System.nanoTime();
  }

  /** When the round began, by {@link System#nanoTime}. */
  long began() {
    return began;
  }

  /** Microseconds from the beginning of the round to {@code now}. */
  long micros(long now) {
    return (now - began) / 1000;
  }

  long micros() {
    return micros(System.nanoTime());
  }

  boolean measures(long micros) {
    return micros >= from && micros < to;
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }
}
