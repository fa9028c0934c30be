package chat.parley.connect;

import chat.parley.bus.LogicClient;
import chat.parley.proto.CheckConnections;
import chat.parley.proto.Connection;
import chat.parley.proto.ConnectionsChecked;
import chat.parley.proto.EndedConnection;
import chat.parley.proto.ReadUserHeads;
import chat.parley.proto.UserHead;
import chat.parley.proto.UserHeads;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for what the bus lost: direct messages that never came, and the news that a session has
 * ended or a device has connected elsewhere. Each session is looked at about once in a heartbeat
 * interval, a few of them at a time; so is each user with v1 sessions. For those is asked first,
 * soon after they have come, where their conversations stand: they cannot say it themselves.
 *
 * <p>Belongs to one event loop.
 */
final class DeviceChecks {
  private static final long ROUND_MS = 500;
  private static final int MOST_AT_A_TIME = 500;

  /** A stored message may still be on its way: only what is missing after this is fetched. */
  private static final long GRACE_MS = 250;

  private final Bucket bucket;
  private final LogicClient logic;
  private final Rota<V2Session> sessions = new Rota<>();
  private final Rota<UserTopic> v1Users = new Rota<>();

  /** Users whose first v1 session has come, and of whom nothing was asked yet. */
  private final Set<UserTopic> newcomers = new LinkedHashSet<>();

  /** Those of the request that is under way. */
  private final Set<UserTopic> asked = new LinkedHashSet<>();

  private boolean underWay;
  private long lastRound;

  /** Those that are looked at in turn. */
  private static final class Rota<T> {
    private final Set<T> all = new LinkedHashSet<>();
    private double due;

    void soon() {
      due = all.size();
    }

    /** The ones looked at longest ago, so many of all that it is this share; they go to the end. */
    List<T> next(double share) {
      due = Math.min(all.size(), due + all.size() * share);
      int most = (int) Math.min(due, MOST_AT_A_TIME);
      due -= most;
      List<T> some = all.stream().limit(most).toList();
      some.forEach(all::remove);
      all.addAll(some);
      return some;
    }
  }

  DeviceChecks(Bucket bucket, LogicClient logic) {
    this.bucket = bucket;
    this.logic = logic;
  }

  void start() {
    lastRound = bucket.now();
    bucket.vertx().setPeriodic(ROUND_MS, timer -> round());
  }

  void add(V2Session session) {
    sessions.all.add(session);
  }

  void remove(V2Session session) {
    sessions.all.remove(session);
  }

  /** A user's first v1 session has come. */
  void add(UserTopic user) {
    v1Users.all.add(user);
    newcomers.add(user);
  }

  /** A user's last v1 session has gone; what was asked for it is of no use to the next one. */
  void remove(UserTopic user) {
    v1Users.all.remove(user);
    newcomers.remove(user);
    asked.remove(user);
  }

  /** Looks at all as soon as it can: what the node had registered was lost. */
  void soon() {
    sessions.soon();
    v1Users.soon();
  }

  private void round() {
    if (underWay) {
      return;
    }
    // By the time that has passed: a round whose answers come late puts nobody off.
    long now = bucket.now();
    double share = (double) (now - lastRound) / bucket.v2().heartbeatInterval().toMillis();
    lastRound = now;
    List<V2Session> some = sessions.next(share);
    Set<Long> users = new HashSet<>();
    some.forEach(session -> users.add(session.identity().getUserId()));
    v1Users.next(share).forEach(user -> users.add(user.userId()));
    if (users.isEmpty() && newcomers.isEmpty()) {
      return;
    }
    underWay = true;
    Future<?> ended = some.isEmpty() ? Future.succeededFuture() : ended(some);
    Future.join(heads(users), ended, stand()).onComplete(done -> underWay = false);
  }

  private Future<?> heads(Set<Long> users) {
    if (users.isEmpty()) {
      return Future.succeededFuture();
    }
    return logic
        .userHeads(ReadUserHeads.newBuilder().addAllUserIds(users).build())
        .onSuccess(
            heads ->
                bucket
                    .vertx()
                    .setTimer(GRACE_MS, timer -> heads.getHeadsList().forEach(this::tell)));
  }

  private void tell(UserHead head) {
    UserTopic user = bucket.userTopic(head.getUserId());
    if (user != null) {
      for (V2Session session : user.v2Sessions()) {
        session.reach(head.getConversation(), head.getHead());
      }
      user.reach(head.getConversation(), head.getHead());
    }
  }

  /** Whose question fails is asked for again in the next round. */
  private Future<?> stand() {
    if (newcomers.isEmpty()) {
      return Future.succeededFuture();
    }
    List<UserTopic> some = newcomers.stream().limit(MOST_AT_A_TIME).toList();
    some.forEach(newcomers::remove);
    asked.addAll(some);
    ReadUserHeads.Builder request = ReadUserHeads.newBuilder().setAccepted(true);
    some.forEach(user -> request.addUserIds(user.userId()));
    return logic
        .userHeads(request.build())
        .onSuccess(this::stand)
        .onFailure(e -> newcomers.addAll(asked))
        .onComplete(done -> asked.clear());
  }

  private void stand(UserHeads heads) {
    Map<Long, Map<String, Long>> all = new HashMap<>();
    for (UserHead head : heads.getHeadsList()) {
      all.computeIfAbsent(head.getUserId(), user -> new HashMap<>())
          .put(head.getConversation(), head.getHead());
    }
    asked.forEach(user -> user.stand(all.getOrDefault(user.userId(), Map.of())));
  }

  private Future<ConnectionsChecked> ended(List<V2Session> some) {
    CheckConnections.Builder request = CheckConnections.newBuilder();
    some.forEach(
        session ->
            request.addConnections(
                Connection.newBuilder()
                    .setSessionId(session.identity().getSessionId())
                    .setNumber(session.number())));
    return logic
        .checkConnections(request.build())
        .onSuccess(
            checked -> {
              ArrayDeque<V2Session> inOrder = new ArrayDeque<>(some);
              checked.getEndedList().forEach(ended -> close(ended, inOrder));
            });
  }

  /** The answer has the order of the question. */
  private static void close(EndedConnection ended, ArrayDeque<V2Session> inOrder) {
    while (!inOrder.isEmpty()) {
      V2Session session = inOrder.poll();
      if (session.number() == ended.getNumber()
          && session.identity().getSessionId().equals(ended.getSessionId())) {
        session.close(ended.getReplaced() ? CloseReason.REPLACED : CloseReason.BAD_TOKEN);
        return;
      }
    }
  }
}
