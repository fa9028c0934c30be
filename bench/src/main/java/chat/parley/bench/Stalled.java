package chat.parley.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Members who read nothing for a while, and then everything: what they cost meanwhile, and how long
 * it takes them to be level again. Nobody may be one.
 */
final class Stalled {
  private final Round round;
  private final List<Connection> connections;
  private final Map<String, Object> figures = new LinkedHashMap<>();

  Stalled(Round round, List<Connection> connections) {
    this.round = round;
    this.connections = connections;
  }

  void stopReading() {
    note("memory when they stopped, MiB");
    round.on(
        () -> {
          connections.forEach(Connection::stopReading);
          return null;
        });
  }

  /**
   * @param late what they have got
   * @param members who they are
   */
  void readAgain(Stop stop, Duration atMost, Arrivals late, List<Member> members) {
    if (connections.isEmpty()) {
      return;
    }
    note("memory when they read again, MiB");
    long missed = round.on(() -> members.stream().mapToLong(m -> m.tally().lost()).sum());
    long before = round.on(late::count);
    long began = System.nanoTime();
    round.on(
        () -> {
          connections.forEach(Connection::readAgain);
          return null;
        });
    stop.until(atMost, () -> round.on(() -> members.stream().allMatch(m -> m.tally().lost() == 0)));
    figures.put("members who read nothing", connections.size());
    figures.put("messages they had not read", missed);
    figures.put("of these they have now", round.on(late::count) - before);
    figures.put("all of it after, s", (System.nanoTime() - began) / 1e9);
  }

  /** Nothing when there was nobody. */
  Map<String, Object> figures() {
    return figures;
  }

  private void note(String what) {
    if (!connections.isEmpty() && !round.target.processes().isEmpty()) {
      figures.put(what, round.target.processes().now().rssMib());
    }
  }
}
