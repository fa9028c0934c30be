package chat.parley.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * What crossed the server's event bus during a round, by the counters of its metrics pages, and
 * what came of it. Answers to requests are not counted: each request has one.
 *
 * @param accepted messages that logic accepted
 * @param stored messages that task stored
 * @param sends requests to logic that carried messages
 * @param otherRequests other requests to logic: joins, cursors, heads; most of them by time
 * @param wakes of partitions' owners
 * @param deliveries requests from task to the nodes with sessions, repeats included
 * @param events to those nodes
 * @param given messages times the sessions that they were given to
 * @param bytes of them
 */
record Bus(
    long accepted,
    long stored,
    long sends,
    long otherRequests,
    long wakes,
    long deliveries,
    long events,
    long given,
    long bytes) {

  static Bus between(Map<String, Double> before, Map<String, Double> after) {
    Change change = (name, label) -> sum(after, name, label) - sum(before, name, label);
    String requests = "parley_logic_requests_total";
    long sends = change.of(requests, "\"send\"") + change.of(requests, "\"send-many\"");
    return new Bus(
        change.of("parley_logic_messages_accepted_total", ""),
        change.of("parley_task_messages_stored_total", ""),
        sends,
        change.of(requests, "") - sends,
        change.of("parley_logic_wakes_total", ""),
        change.of("parley_task_deliveries_total", ""),
        change.of("parley_connect_events_total", ""),
        change.of("parley_connect_messages_delivered_total", ""),
        change.of("parley_connect_delivered_bytes_total", ""));
  }

  private interface Change {
    long of(String name, String label);
  }

  private static long sum(Map<String, Double> page, String name, String label) {
    double sum = 0;
    for (Map.Entry<String, Double> sample : page.entrySet()) {
      String key = sample.getKey();
      boolean named = key.equals(name) || key.startsWith(name + '{');
      if (named && key.contains(label)) {
        sum += sample.getValue();
      }
    }
    return Math.round(sum);
  }

  /** Below the number of interested nodes where deliveries carry several messages. */
  @JsonProperty
  double deliveriesPerMessage() {
    return stored == 0 ? 0 : (double) deliveries / stored;
  }

  /** All of a message's way over the bus: to logic, to task, to the nodes. */
  @JsonProperty
  double busMessagesPerMessage() {
    return accepted == 0 ? 0 : (double) (sends + wakes + deliveries) / accepted;
  }
}
