package chat.parley.chaos;

import chat.parley.client.Ack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages of one user whose acknowledgement was seen, for resends: so many, and when there are
 * more, one at random goes for each that comes. So there are new ones and some that are old. Any
 * thread.
 */
final class Memories {
  private static final int MOST = 2_000;

  /** What was acknowledged while a client lived to tell. */
  record Acknowledged(ModelDevice sender, Ack ack, String text) {}

  private final List<Acknowledged> all = new ArrayList<>();

  synchronized void add(Acknowledged message, int choice) {
    if (all.size() < MOST) {
      all.add(message);
    } else {
      all.set(choice % MOST, message);
    }
  }

  synchronized Optional<Acknowledged> pick(int choice) {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(choice % all.size()));
  }
}
