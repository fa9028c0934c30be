package chat.parley.bench;

/** What all receivers together got. On the loop of the sockets. */
final class Verdict {
  long expected;
  long received;
  long lost;
  long duplicates;
  long outOfOrder;
  long gaps;
  long repeats;
  long notRecovered;
  long unpromised;

  void add(Tally tally) {
    expected += tally.expected();
    received += tally.distinct();
    lost += tally.lost();
    duplicates += tally.duplicates();
    outOfOrder += tally.outOfOrder();
    gaps += tally.gaps();
    repeats += tally.repeats();
    notRecovered += tally.notRecovered();
    unpromised += tally.unpromised();
  }
}
