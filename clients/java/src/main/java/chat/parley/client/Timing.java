package chat.parley.client;

import java.time.Duration;

/**
 * How long a client waits for what.
 *
 * @param leastPause ceiling of the first pause before another attempt
 * @param mostPause ceiling of every later one
 * @param connectWithin for a connection, and for its Welcome
 * @param answerWithin for the answer to a request, or to a message on the wire
 * @param headGrace after the server named a newer seq, for it to come without being asked for
 * @param steadyAfter a connection that lived so long makes the next pause a first one
 */
record Timing(
    Duration leastPause,
    Duration mostPause,
    Duration connectWithin,
    Duration answerWithin,
    Duration headGrace,
    Duration steadyAfter) {
  static final Timing USUAL =
      new Timing(
          Duration.ofMillis(200),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5));

  Timing withPauses(Duration least, Duration most) {
    return new Timing(least, most, connectWithin, answerWithin, headGrace, steadyAfter);
  }
}
