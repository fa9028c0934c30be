package chat.parley.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps so many messages of each sender without an answer at all times: a load that takes whatever
 * the server gives. What is measured is then how much, and not how late.
 */
final class Pump {
  private static final long AFTER_REFUSAL_MS = 20;

  private final Round round;
  private final List<Sender> senders;
  private final List<Ledger> ledgers;
  private final int inFlight;
  private final int size;
  private final long most;
  private long started;
  private boolean stopped;

  /**
   * @param ledgers one for each sender, or one for all
   * @param most messages in all
   */
  Pump(Round round, List<Sender> senders, List<Ledger> ledgers, int inFlight, int size, long most) {
    this.round = round;
    this.senders = senders;
    this.ledgers = ledgers;
    this.inFlight = inFlight;
    this.size = size;
    this.most = most;
  }

  void start() {
    round.on(
        () -> {
          round.outcomes.onEnd(this::ended);
          for (int i = 0; i < inFlight; i++) {
            for (int sender = 0; sender < senders.size(); sender++) {
              send(sender);
            }
          }
          return null;
        });
  }

  void stop() {
    round.on(() -> stopped = true);
  }

  private void ended(Post post) {
    if (post.ledger.wasAccepted(post.number)) {
      send(post.sender);
    } else {
      round
          .loops()
          .sockets()
          .schedule(() -> send(post.sender), AFTER_REFUSAL_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void send(int sender) {
    if (stopped || started >= most) {
      return;
    }
    started++;
    Ledger ledger = ledgers.get(sender % ledgers.size());
    int number = ledger.next();
    long micros = round.clock.micros();
    String text = round.stamp.text(ledger.index(), number, sender, micros, size);
    senders.get(sender).send(new Post(ledger, number, sender, micros, text));
  }
}
