package chat.parley.stores.redis;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.stores.NodeLeases;
import chat.parley.stores.RedisSettings;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** Leases of nodes as one sorted set by their end, by Redis' own time. */
final class RedisNodeLeases implements NodeLeases {
  private static final int NUMBERS = 1024;

  /** How long a number rests: clocks of two hosts differ by less. */
  private static final Duration REST = Duration.ofMinutes(1);

  /** Entries removed in one step of a sweep, so that nobody waits long for Redis meanwhile. */
  private static final int SWEEP_STEP = 500;

  private static final int ID_BYTES = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final RedisLink link;
  private final long leaseMs;

  RedisNodeLeases(RedisLink link, RedisSettings settings) {
    this.link = link;
    this.leaseMs = settings.nodeLease().toMillis();
  }

  @Override
  public Future<NodeLease> acquire() {
    byte[] random = new byte[ID_BYTES];
    RANDOM.nextBytes(random);
    return take("n" + HexFormat.of().formatHex(random), "").map(Renewal::lease);
  }

  @Override
  public Future<Renewal> renew(NodeLease lease) {
    return take(lease.nodeId(), Integer.toString(lease.number()));
  }

  @Override
  public Future<Void> release(NodeLease lease) {
    return link.eval(
            Script.NODE_END,
            List.of(Keys.NODES, Keys.NUMBERS, Keys.NUMBERS_OF_NODES),
            lease.nodeId())
        .compose(ended -> sweep())
        .mapEmpty();
  }

  @Override
  public Future<Integer> sweep() {
    return sweep(0);
  }

  private Future<Integer> sweep(int cleared) {
    return link.eval(
            Script.NODE_SWEEP,
            List.of(Keys.NODES, Keys.ROOM_VERSIONS, Keys.NUMBERS_OF_NODES),
            SWEEP_STEP,
            Keys.TOPICS_OF_PREFIX,
            Keys.PRESENCE_OF_PREFIX,
            Keys.TOPIC_PREFIX,
            Keys.ROOM_PREFIX)
        .map(Response::toString)
        .compose(
            step ->
                switch (step) {
                  case "MORE" -> sweep(cleared);
                  case "CLEARED" -> sweep(cleared + 1);
                  default -> Future.succeededFuture(cleared);
                });
  }

  private Future<Renewal> take(String nodeId, String number) {
    return link.eval(
            Script.NODE_RENEW,
            List.of(Keys.NODES, Keys.NUMBERS, Keys.NUMBERS_OF_NODES),
            nodeId,
            leaseMs,
            REST.toMillis(),
            NUMBERS,
            number)
        .compose(
            reply -> {
              String how = reply.get(0).toString();
              if (how.equals("EXHAUSTED")) {
                return Future.failedFuture(
                    new ChatError(
                        ErrorCode.UNAVAILABLE, "all " + NUMBERS + " node numbers are in use"));
              }
              NodeLease lease = new NodeLease(nodeId, reply.get(1).toInteger());
              return Future.succeededFuture(new Renewal(lease, how.equals("REGAINED")));
            });
  }
}
