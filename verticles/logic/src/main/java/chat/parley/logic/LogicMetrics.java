package chat.parley.logic;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;

/**
 * What the process's instances of logic count, for whoever adds a registry to Micrometer's global
 * one. Any thread.
 */
final class LogicMetrics {
  private static final Counter ACCEPTED = Metrics.counter("parley.logic.messages.accepted");
  private static final Counter LATE = Metrics.counter("parley.logic.requests.late");
  private static final Counter WAKES = Metrics.counter("parley.logic.wakes");

  private LogicMetrics() {}

  /** The counter of the bus requests that come to an address. */
  static Counter requestsTo(String address) {
    String request = address.substring(address.lastIndexOf('.') + 1);
    return Metrics.counter("parley.logic.requests", "request", request);
  }

  /** A message was accepted that had not been before. */
  static void accepted() {
    ACCEPTED.increment();
  }

  /** A request came after who asked had given up, or was not done in time, and is not done. */
  static void late() {
    LATE.increment();
  }

  /** The owner of a partition is woken. */
  static void woken() {
    WAKES.increment();
  }
}
