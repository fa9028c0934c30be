package chat.parley.connect;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;

/**
 * Tells the process how many client sockets it has: key {@code connections} of the local map {@code
 * parley.status}, a Long, the sum over the buckets.
 */
final class ConnectionCount {
  private static final String MAP = "parley.status";
  private static final String KEY = "connections";

  private final LocalMap<String, Long> status;

  ConnectionCount(Vertx vertx) {
    status = vertx.sharedData().getLocalMap(MAP);
    status.putIfAbsent(KEY, 0L);
  }

  void opened() {
    status.merge(KEY, 1L, Long::sum);
  }

  void closed() {
    status.merge(KEY, -1L, Long::sum);
  }
}
