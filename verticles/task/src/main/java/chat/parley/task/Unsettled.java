package chat.parley.task;

import java.util.ArrayDeque;

/** What of a partition has been handed over and not been trimmed yet, in order. */
final class Unsettled {
  private final ArrayDeque<Batch> batches = new ArrayDeque<>();
  private long ended;
  private long trimmed;

  /** Starts over at a position: what was handed over before is of no interest any more. */
  void startAt(long position) {
    batches.clear();
    ended = position;
    trimmed = position;
  }

  void add(Batch batch) {
    batches.add(batch);
  }

  /** Position up to which every batch has ended. */
  long endedUpTo() {
    while (!batches.isEmpty() && batches.peek().ended()) {
      ended = batches.poll().next();
    }
    return ended;
  }

  boolean allEnded() {
    endedUpTo();
    return batches.isEmpty();
  }

  long trimmedUpTo() {
    return trimmed;
  }

  void trimmedUpTo(long position) {
    trimmed = Math.max(trimmed, position);
  }
}
