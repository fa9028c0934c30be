package chat.parley.connect;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.LogicClient;
import chat.parley.stores.Presence;
import chat.parley.stores.Topics;
import chat.parley.wire.V1Json;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's sockets, sessions and topics. Single-threaded, without a lock: everything here
 * runs on the bucket's context, and what comes from elsewhere is handed over to it.
 */
final class Bucket {
  private static final Logger log = LoggerFactory.getLogger(Bucket.class);

  private final ContextInternal context;
  private final ConnectSettings settings;
  private final V2Settings v2;
  private final String name;
  private final ConnectNode node;
  private final Topics cluster;
  private final Presence presence;
  private final LogicClient logic;
  private final StoreReader store;
  private final HeadsCheck heads;
  private final TopicRegistry topics;
  private final Outbox outbox;
  private final V1Json json;
  private final TimerWheel wheel = new TimerWheel();
  private final Set<Session> sessions = new HashSet<>();
  private final Set<Pull> catchUps = new HashSet<>();
  private final Turns turns;
  private final Strangers strangers;
  private final Cursors cursors;
  private final DeviceChecks devices;
  private final ConnectionCount count;
  private final Events events;
  private long absenceMs;

  Bucket(
      ContextInternal context,
      ConnectSettings settings,
      V2Settings v2,
      ConnectNode node,
      Topics cluster,
      Presence presence) {
    this.context = context;
    this.settings = settings;
    this.v2 = v2;
    this.node = node;
    this.name = node.nextBucketName();
    this.cluster = cluster;
    this.presence = presence;
    this.logic = logicClient();
    // Of its own: sessions that catch up, however many, keep nobody from joining.
    LogicClient reads = logicClient();
    this.store = new StoreReader(vertx(), reads);
    this.heads = new HeadsCheck(this, reads, settings.headsCheck().toMillis());
    this.topics = new TopicRegistry(name, cluster, settings.linger().toMillis());
    this.outbox =
        new Outbox(settings.maxQueuedBytes(), new Backlog(settings.maxQueuedBytesOfAll()));
    this.json = new V1Json(settings.zone());
    this.turns = new Turns(settings);
    this.strangers = new Strangers(settings);
    this.cursors = new Cursors(this, reads);
    this.devices = new DeviceChecks(this, reads);
    this.count = new ConnectionCount(vertx());
    this.events = new Events(topics, outbox);
  }

  private LogicClient logicClient() {
    return new LogicClient(
        vertx(), settings.deadline(), settings.maxInFlight(), "connect.max-in-flight");
  }

  /** Begins to keep deadlines and to look for what was lost. */
  void start() {
    vertx().setPeriodic(TimerWheel.TICK_MS, timer -> tick());
    heads.start();
    cursors.start();
    devices.start();
  }

  private void tick() {
    wheel.tick();
    turns.expire(now());
    outbox.backlog().look();
  }

  // What the parts of a bucket need of each other

  ContextInternal context() {
    return context;
  }

  Vertx vertx() {
    return context.owner();
  }

  ConnectSettings settings() {
    return settings;
  }

  /** Of v2 sessions. */
  V2Settings v2() {
    return v2;
  }

  /** {@code nodeId/number}, unique in the cluster. */
  String name() {
    return name;
  }

  ConnectNode node() {
    return node;
  }

  Topics cluster() {
    return cluster;
  }

  Presence presence() {
    return presence;
  }

  LogicClient logic() {
    return logic;
  }

  StoreReader store() {
    return store;
  }

  HeadsCheck heads() {
    return heads;
  }

  TopicRegistry topics() {
    return topics;
  }

  Outbox outbox() {
    return outbox;
  }

  Turns turns() {
    return turns;
  }

  Strangers strangers() {
    return strangers;
  }

  Cursors cursors() {
    return cursors;
  }

  DeviceChecks devices() {
    return devices;
  }

  V1Json json() {
    return json;
  }

  TimerWheel wheel() {
    return wheel;
  }

  /** Milliseconds of a clock that never steps back. */
  long now() {
    return System.nanoTime() / 1_000_000;
  }

  void flush() {
    outbox.flush();
  }

  /** A failure that a client is answered with; a fault of ours belongs in the log. */
  void report(ChatError error) {
    if (error.code() == ErrorCode.INTERNAL) {
      log.warn("A client's request failed", error);
    }
  }

  // Sessions

  boolean full() {
    return sessions.size() >= settings.maxConnections();
  }

  void add(Session session) {
    sessions.add(session);
    wheel.schedule(session, settings.joinDeadline().toMillis());
    count.opened();
    ConnectMetrics.opened();
  }

  void remove(Session session) {
    wheel.cancel(session);
    if (sessions.remove(session)) {
      count.closed();
      ConnectMetrics.closed();
    }
  }

  /** One socket's session takes the place of another. */
  void replace(Session before, Session session) {
    wheel.cancel(before);
    sessions.remove(before);
    sessions.add(session);
    wheel.schedule(session, settings.joinDeadline().toMillis());
  }

  RoomTopic enterRoom(Seat seat, long roomId, long head) {
    String topic = Conversations.ofRoom(roomId);
    boolean first = topics.get(topic) == null;
    RoomTopic room = topics.open(topic, RoomTopic.class, () -> new RoomTopic(roomId, head, this));
    room.enter(seat);
    if (first) {
      room.live().onSuccess(live -> room.list().changedHere());
    }
    return room;
  }

  UserTopic enterUser(Session session) {
    long userId = session.identity().getUserId();
    UserTopic user =
        topics.open(
            Conversations.topicOfUser(userId), UserTopic.class, () -> new UserTopic(userId, this));
    user.enter(session);
    return user;
  }

  /** The topic of a user; null when none of its sessions is here. */
  UserTopic userTopic(long userId) {
    return topics.get(Conversations.topicOfUser(userId)) instanceof UserTopic user ? user : null;
  }

  void catchingUp(Pull catchUp) {
    if (catchUps.add(catchUp)) {
      ConnectMetrics.pulling();
    }
  }

  void caughtUp(Pull catchUp) {
    if (catchUps.remove(catchUp)) {
      ConnectMetrics.pullingNoMore();
    }
  }

  // What comes from elsewhere

  void deliver(Delivery delivery) {
    long began = ProcessorTime.ofThisThread();
    outbox.hold();
    try {
      for (EncodedBatch batch : delivery.batches()) {
        Topic topic = topics.get(batch.topic());
        if (topic != null) {
          topic.deliver(batch);
        }
      }
    } finally {
      outbox.release();
      delivery.release(ProcessorTime.ofThisThread() - began);
    }
  }

  void event(Message event) {
    events.handle(event);
  }

  // What is done from time to time

  /** The node's registrations were lost: makes them again, and looks for what went by meanwhile. */
  void registerAgain() {
    topics.registerAgain();
    topics.rooms().forEach(room -> room.members().registerAgain());
    heads.now();
    devices.soon();
  }

  void settle() {
    long now = now();
    topics.sweep(now);
    topics.settle();
    topics.rooms().forEach(room -> room.members().settle());
    for (Pull catchUp : List.copyOf(catchUps)) {
      if (catchUp.stalledFor(now) >= settings.stalled().toMillis()) {
        catchUp.session().close(CloseReason.STALLED);
      }
    }
  }

  // The end

  /**
   * Tells every session to come back elsewhere, at the rate of the settings. Completes when all
   * sockets are closed and what they sent has been answered for, or at the drain's deadline.
   */
  Future<Void> sayGoodbye() {
    heads.stop();
    absenceMs = Farewell.absenceMs(sessions.size(), settings);
    return new Farewell(context, settings, sessions, logic::inFlight).run();
  }

  /** Milliseconds within which a client that is told to connect again is asked to come back. */
  long absenceMs() {
    return absenceMs;
  }

  /** Takes everything back that the cluster knows of this bucket. */
  Future<Void> close() {
    for (Session session : List.copyOf(sessions)) {
      session.carrier().abort();
      session.gone();
    }
    outbox.backlog().look();
    return cursors.save().eventually(topics::close);
  }
}
