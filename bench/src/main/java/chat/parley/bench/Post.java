package chat.parley.bench;

/** A message that a sender is to send, or has sent. */
final class Post {
  final Ledger ledger;
  final int number;

  /** Index of who sends it. */
  final int sender;

  final long scheduled;
  final String text;

  /** When it left first, by {@link System#nanoTime}; 0: not yet. */
  long leftAt;

  /** It may have been sent before. */
  boolean again;

  /**
   * @param scheduled microseconds since the round began
   */
  Post(Ledger ledger, int number, int sender, long scheduled, String text) {
    this.ledger = ledger;
    this.number = number;
    this.sender = sender;
    this.scheduled = scheduled;
    this.text = text;
  }
}
