package chat.parley.bench;

/**
 * When each message of a load is to be sent, fixed before the first one leaves: evenly, whatever
 * the server does meanwhile.
 *
 * @param rate messages a second
 * @param messages in all
 */
record Schedule(double rate, int messages) {
  private static final double NANOS = 1e9;

  static Schedule of(double rate, double seconds) {
    return new Schedule(rate, (int) Math.round(rate * seconds));
  }

  /** Nanoseconds from the beginning to message {@code number}, from 0. */
  long nanos(int number) {
    return Math.round(number * (NANOS / rate));
  }

  /** How many messages are to have been sent so long after the beginning. */
  int due(long nanos) {
    int number = (int) Math.min(messages, (long) Math.floor(nanos * rate / NANOS) + 1);
    while (number > 0 && nanos(number - 1) > nanos) {
      number--;
    }
    while (number < messages && nanos(number) <= nanos) {
      number++;
    }
    return number;
  }
}
