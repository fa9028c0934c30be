package chat.parley.bench;

import java.util.Arrays;

/**
 * One conversation of a round: what became of each message that was to be sent, and the order in
 * which receivers get them.
 *
 * <p>Belongs to the loop of the sockets.
 */
final class Ledger {
  private static final int FIRST_CAPACITY = 1024;

  private final int index;
  private long[] sent = new long[FIRST_CAPACITY / Long.SIZE];
  private long[] accepted = new long[FIRST_CAPACITY / Long.SIZE];
  private int[] rank = new int[FIRST_CAPACITY];
  private int ranks;
  private int sentCount;
  private int acceptedCount;
  private int next;

  Ledger(int index) {
    this.index = index;
  }

  int index() {
    return index;
  }

  /** The number of the next message, for loads without a schedule. */
  int next() {
    return next++;
  }

  /** The message is on its way. */
  void sent(int number) {
    sent = set(sent, number);
    sentCount++;
  }

  /** The sender was told that it will arrive; or, on a wire that tells nothing, may expect it. */
  void accepted(int number) {
    accepted = set(accepted, number);
    acceptedCount++;
  }

  int sentCount() {
    return sentCount;
  }

  int acceptedCount() {
    return acceptedCount;
  }

  boolean wasAccepted(int number) {
    return has(accepted, number);
  }

  /** How many of the accepted messages are not among these. */
  long missing(long[] received) {
    long missing = 0;
    for (int i = 0; i < accepted.length; i++) {
      missing += Long.bitCount(accepted[i] & ~(i < received.length ? received[i] : 0));
    }
    return missing;
  }

  /** How many of these were sent and never accepted: refused, or without an answer. */
  long beyond(long[] received) {
    long beyond = 0;
    for (int i = 0; i < received.length; i++) {
      beyond += Long.bitCount(received[i] & ~(i < accepted.length ? accepted[i] : 0));
    }
    return beyond;
  }

  /**
   * The place of a message in the one order that all receivers must see, from 1; whoever gets it
   * first sets it. For wires that do not number messages themselves.
   */
  int rank(int number) {
    if (number >= rank.length) {
      rank = Arrays.copyOf(rank, Math.max(number + 1, rank.length * 2));
    }
    if (rank[number] == 0) {
      rank[number] = ++ranks;
    }
    return rank[number];
  }

  static long[] set(long[] bits, int number) {
    int word = number >> 6;
    long[] roomy =
        word < bits.length ? bits : Arrays.copyOf(bits, Math.max(word + 1, bits.length * 2));
    roomy[word] |= 1L << number;
    return roomy;
  }

  static boolean has(long[] bits, int number) {
    int word = number >> 6;
    return word < bits.length && (bits[word] & 1L << number) != 0;
  }
}
