package chat.parley.api.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Closes connections that bring no complete request head for one to two idle timeouts. Bytes alone
 * do not count: a client that drips a header for ever, or never reads its answer, goes too. Before
 * a stop it lets all connections end with their next answer.
 *
 * <p>One sweep for all connections, so that a request costs a look-up and no timer.
 */
public final class IdleGuard {
  private final Map<HttpConnection, Watch> watches = new HashMap<>();
  private final Vertx vertx;
  private final long timer;
  private boolean ending;

  public IdleGuard(Vertx vertx, Duration idleTimeout) {
    this.vertx = vertx;
    this.timer = vertx.setPeriodic(idleTimeout.toMillis(), tick -> sweep());
  }

  public void opened(HttpConnection connection) {
    LastAnswers.allowOn(((ConnectionBase) connection).channel());
    watches.put(connection, new Watch());
    connection.closeHandler(closed -> watches.remove(connection));
  }

  public void requested(HttpServerRequest request) {
    Watch watch = watches.get(request.connection());
    if (watch != null) {
      watch.requested = true;
      watch.response = request.response();
    }
    if (ending) {
      endAfter(request.response());
    }
  }

  /**
   * From now on every answer is the last one of its connection, and says so: a client that hears it
   * sends its next request elsewhere. A connection that was simply closed might have had a request
   * on its way already, and nobody could tell its sender what became of it.
   */
  void endWithNextAnswer() {
    ending = true;
    for (Watch watch : watches.values()) {
      if (watch.isAnswering()) {
        endAfter(watch.response);
      }
    }
  }

  private static void endAfter(HttpServerResponse response) {
    if (!response.headWritten()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  public void stop() {
    vertx.cancelTimer(timer);
  }

  private void sweep() {
    // Closing removes from the map: first find, then close.
    List<HttpConnection> idle =
        watches.entrySet().stream()
            .filter(entry -> entry.getValue().wasIdle())
            .map(Map.Entry::getKey)
            .toList();
    idle.forEach(HttpConnection::close);
  }

  private static final class Watch {
    private boolean requested;
    private HttpServerResponse response;

    private boolean isAnswering() {
      return response != null && !response.ended() && !response.closed();
    }

    private boolean wasIdle() {
      boolean idle = !requested && !isAnswering();
      requested = false;
      return idle;
    }
  }
}
