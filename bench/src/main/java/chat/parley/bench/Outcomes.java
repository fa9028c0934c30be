package chat.parley.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * What became of the messages sent in a round.
 *
 * <p>Belongs to the loop of the sockets.
 */
final class Outcomes {
  private final RoundClock clock;
  private final Histogram answers = Arrivals.microseconds();
  private final Histogram lateness = Arrivals.microseconds();
  private final Histogram ends = Arrivals.microseconds();
  private final Map<String, Long> refused = new TreeMap<>();
  private final Map<String, Long> retried = new TreeMap<>();
  private Consumer<Post> onEnd = post -> {};
  private long sent;
  private long accepted;
  private long acceptedInWindow;
  private long ended;
  private long answered;

  Outcomes(RoundClock clock) {
    this.clock = clock;
  }

  /** Is told of each message with which nothing more will happen. */
  void onEnd(Consumer<Post> listener) {
    onEnd = listener;
  }

  /** The message leaves, the first time or again. */
  void leaves(Post post, long now) {
    if (post.leftAt != 0) {
      return;
    }
    post.leftAt = now;
    post.ledger.sent(post.number);
    sent++;
    if (clock.measures(post.scheduled)) {
      lateness.recordValue(Math.max(0, clock.micros(now) - post.scheduled));
    }
  }

  /** It is on the server's disk, or, without an answer on this wire, was written. */
  void accepted(Post post, long now) {
    post.ledger.accepted(post.number);
    accepted++;
    long at = clock.micros(now);
    acceptedInWindow += clock.measures(at) ? 1 : 0;
    if (clock.measures(post.scheduled)) {
      answers.recordValue(Math.max(0, at - post.scheduled));
    }
    end(post);
  }

  /** It was refused for good, or its answer never came. */
  void refused(Post post, String code) {
    refused.merge(code, 1L, Long::sum);
    end(post);
  }

  /** It was refused and will be sent again, as the protocol has it. */
  void retried(String code) {
    retried.merge(code, 1L, Long::sum);
  }

  private void end(Post post) {
    ended++;
    if (post.leftAt != 0) {
      answered++;
      if (clock.measures(post.scheduled)) {
        ends.recordValue(Math.max(0, (System.nanoTime() - post.leftAt) / 1000));
      }
    }
    onEnd.accept(post);
  }

  /** From the scheduled time to the answer. */
  Histogram answers() {
    return answers;
  }

  /** From the scheduled time until it left: what the bench itself, or a full pipe, adds. */
  Histogram lateness() {
    return lateness;
  }

  /** From leaving to the last word, an acknowledgement or a refusal. */
  Histogram ends() {
    return ends;
  }

  Map<String, Long> refused() {
    return refused;
  }

  Map<String, Long> retried() {
    return retried;
  }

  long sent() {
    return sent;
  }

  long accepted() {
    return accepted;
  }

  /** Answers that came within the measured time. */
  long acceptedInWindow() {
    return acceptedInWindow;
  }

  long ended() {
    return ended;
  }

  /** Those that have left and ended. */
  long answered() {
    return answered;
  }
}
