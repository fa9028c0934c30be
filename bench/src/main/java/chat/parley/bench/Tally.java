package chat.parley.bench;

import java.util.Arrays;

/**
 * What one receiver got of one conversation: every message by its number, so that what is lost,
 * doubled or out of order is known exactly.
 *
 * <p>Belongs to the loop of the sockets.
 */
final class Tally {
  private static final int NO_SENDER = -1;

  private final Ledger ledger;
  private final Arrivals arrivals;
  private final boolean sendersInOrder;
  private long[] received = new long[4];
  private int[] lastOfSender = {};
  private long last;
  private boolean placed;
  private int distinct;
  private long duplicates;
  private long outOfOrder;
  private long gaps;
  private long repeats;
  private long notRecovered;

  /**
   * @param sendersInOrder whether each sender's messages must come in the order of their numbers:
   *     on wires where they leave one after another on one connection
   */
  Tally(Ledger ledger, Arrivals arrivals, boolean sendersInOrder) {
    this.ledger = ledger;
    this.arrivals = arrivals;
    this.sendersInOrder = sendersInOrder;
  }

  /**
   * A message of a wire without seqs: its place is where the first of all receivers got it.
   *
   * @param now nanoseconds
   */
  void arrived(Stamp stamp, long now) {
    if (isOurs(stamp)) {
      if (Ledger.has(received, stamp.number)) {
        duplicates++;
        return;
      }
      int rank = ledger.rank(stamp.number);
      outOfOrder += rank < last ? 1 : 0;
      last = Math.max(last, rank);
      count(stamp, now);
    }
  }

  /**
   * A message with its seq. At or below the highest one so far it is a repeat, which the protocol
   * allows and a client drops.
   */
  void arrived(Stamp stamp, long seq, long now) {
    if (seq <= last) {
      repeats++;
      // Dropped by its seq; that it is the same message is still checked.
      outOfOrder += isOurs(stamp) && !Ledger.has(received, stamp.number) ? 1 : 0;
      return;
    }
    gaps += placed && seq > last + 1 ? 1 : 0;
    placed = true;
    last = seq;
    if (isOurs(stamp)) {
      if (Ledger.has(received, stamp.number)) {
        duplicates++;
      } else {
        count(stamp, now);
      }
    }
  }

  private boolean isOurs(Stamp stamp) {
    if (stamp.conversation != ledger.index()) {
      arrivals.stray();
      return false;
    }
    return true;
  }

  private void count(Stamp stamp, long now) {
    received = Ledger.set(received, stamp.number);
    distinct++;
    if (sendersInOrder) {
      checkSender(stamp);
    }
    arrivals.arrived(stamp.scheduled, now);
  }

  private void checkSender(Stamp stamp) {
    if (stamp.sender >= lastOfSender.length) {
      int before = lastOfSender.length;
      lastOfSender = Arrays.copyOf(lastOfSender, stamp.sender + 8);
      Arrays.fill(lastOfSender, before, lastOfSender.length, NO_SENDER);
    }
    outOfOrder += stamp.number < lastOfSender[stamp.sender] ? 1 : 0;
    lastOfSender[stamp.sender] = Math.max(lastOfSender[stamp.sender], stamp.number);
  }

  /** Where the receiver stands before its first message; what follows has the next seq. */
  void standsAt(long seq) {
    last = Math.max(last, seq);
    placed = true;
  }

  /** The server says that these are not kept any more. */
  void notRecovered(long from, long to) {
    notRecovered += Math.max(0, to - Math.max(from, last + 1) + 1);
    last = Math.max(last, to);
    placed = true;
  }

  /** Highest seq so far. */
  long cursor() {
    return last;
  }

  /** Different messages of this round that came. */
  int distinct() {
    return distinct;
  }

  long duplicates() {
    return duplicates;
  }

  long outOfOrder() {
    return outOfOrder;
  }

  long gaps() {
    return gaps;
  }

  long repeats() {
    return repeats;
  }

  long notRecovered() {
    return notRecovered;
  }

  /** Messages that were accepted. */
  long expected() {
    return ledger.acceptedCount();
  }

  /** Messages that were accepted and have not come. */
  long lost() {
    return ledger.missing(received);
  }

  /** Messages that came though nobody was told that they would. */
  long unpromised() {
    return ledger.beyond(received);
  }
}
