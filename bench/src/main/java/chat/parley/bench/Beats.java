package chat.parley.bench;

import chat.parley.proto.v2.Welcome;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * When the v2 connections acknowledge and send heartbeats: one timer for all of them. Each delay is
 * the same for everybody, so that who asked first is due first.
 *
 * <p>Belongs to one event loop.
 */
final class Beats {
  private static final int TICK_MS = 20;

  /** Of the time that the server allows: it counts from when it sent, and the wire takes some. */
  private static final double SHARE = 0.8;

  private static final int USUAL_ACKNOWLEDGE_MS = 1_000;
  private static final int USUAL_HEARTBEAT_MS = 30_000;

  private final ArrayDeque<Due> acknowledgements = new ArrayDeque<>();
  private final ArrayDeque<Due> heartbeats = new ArrayDeque<>();
  private final ScheduledFuture<?> timer;
  private long acknowledgeAfter = share(USUAL_ACKNOWLEDGE_MS);
  private long heartbeatAfter = share(USUAL_HEARTBEAT_MS);

  private record Due(V2Connection connection, long at) {}

  Beats(EventLoop loop) {
    timer = loop.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  private static long share(int ms) {
    return (long) (ms * SHARE * 1_000_000);
  }

  /** The server's limits are the same for all. */
  void opened(V2Connection connection, Welcome welcome) {
    if (welcome.getLimits().getAcknowledgeAfterMs() > 0) {
      acknowledgeAfter = share(welcome.getLimits().getAcknowledgeAfterMs());
    }
    if (welcome.getHeartbeatIntervalMs() > 0) {
      heartbeatAfter = share(welcome.getHeartbeatIntervalMs());
    }
    heartbeats.add(new Due(connection, System.nanoTime() + heartbeatAfter));
  }

  void acknowledgeLater(V2Connection connection) {
    acknowledgements.add(new Due(connection, System.nanoTime() + acknowledgeAfter));
  }

  private void tick() {
    long now = System.nanoTime();
    while (!acknowledgements.isEmpty() && acknowledgements.peek().at - now <= 0) {
      acknowledgements.poll().connection.acknowledge();
    }
    while (!heartbeats.isEmpty() && heartbeats.peek().at - now <= 0) {
      V2Connection connection = heartbeats.poll().connection;
      if (connection.isOpen()) {
        connection.heartbeat();
        heartbeats.add(new Due(connection, now + heartbeatAfter));
      }
    }
  }

  void end() {
    timer.cancel(false);
  }
}
