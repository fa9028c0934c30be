package chat.parley.task;

import chat.parley.bus.Addresses;
import chat.parley.bus.Conversations;
import chat.parley.bus.LocalPartitions;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import chat.parley.proto.Wake;
import chat.parley.stores.MessageStore;
import chat.parley.stores.Partitions;
import chat.parley.stores.PushQueue;
import chat.parley.stores.jdbc.JdbcStores;
import chat.parley.stores.redis.RedisStores;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A real Redis, a real database, and the two neighbours of a task verticle: logic and connect. */
final class TaskMesh implements AutoCloseable {
  static final int PARTITIONS = 4;
  private static final int ACCEPTS_UNDER_WAY = 64;

  /** What wake-ups are like. */
  enum Waking {
    /** As from logic in the worker's process. */
    BRINGING,
    /** As from logic in another process. */
    EMPTY,
    /** Bringing, but some are lost, come late or twice. */
    UNRELIABLE
  }

  final Vertx vertx = Vertx.vertx();
  final RedisServer redisServer;
  final JsonObject config;
  final PushQueue queue;
  final Partitions partitions;
  final MessageStore messages;
  private final JdbcStores database;
  private final RedisStores redis;
  private final Redis raw;
  private final SplittableRandom chance = new SplittableRandom(31);
  private Waking waking = Waking.BRINGING;

  TaskMesh(Path folder) {
    this(folder, new JsonObject(), new JsonObject());
  }

  TaskMesh(Path folder, JsonObject task, JsonObject databaseSection) {
    ProtoCodec.install(vertx);
    redisServer = new RedisServer(folder);
    config =
        new JsonObject()
            .put("data", folder.toString())
            .put("task", task)
            .put("database", databaseSection)
            .put(
                "redis",
                new JsonObject()
                    .put("address", redisServer.address())
                    .put("password", redisServer.password())
                    .put("partitions", PARTITIONS)
                    .put("node-lease", "60s")
                    .put("partition-lease", "1s"));
    database = Await.get(JdbcStores.open(vertx, config));
    redis = Await.get(RedisStores.open(vertx, config));
    messages = database.messages();
    queue = redis.pushQueue(messages);
    partitions = redis.partitions();
    raw =
        Redis.createClient(
            vertx,
            new RedisOptions()
                .setConnectionString(redisServer.address())
                .setPassword(redisServer.password()));
  }

  /** Deploys by class name, as any launcher does; answers the deployment's id. */
  String deploy(int instances) {
    return Await.get(
        vertx.deployVerticle(
            "chat.parley.task.TaskVerticle",
            new DeploymentOptions().setInstances(instances).setConfig(config)));
  }

  /** A node that wants these topics, and takes what comes. */
  RecordingNode node(String... topics) {
    return new RecordingNode(vertx, subscribedNode(topics));
  }

  /** The name of a node that wants these topics. */
  String subscribedNode(String... topics) {
    String nodeId = Await.get(redis.nodeLeases().acquire()).nodeId();
    for (String topic : topics) {
      Await.get(redis.topics().subscribe(nodeId + "/0", topic));
    }
    return nodeId;
  }

  /** How wake-ups are from now on. */
  TaskMesh waking(Waking how) {
    waking = how;
    return this;
  }

  /** Accepts as logic does, and wakes the partition's owner. */
  Future<SendAck> send(ChatMessage message) {
    return queue
        .accept(message)
        .map(
            accepted -> {
              wake(message, accepted);
              return accepted.ack();
            });
  }

  private void wake(ChatMessage message, PushQueue.Accepted accepted) {
    Wake bringing =
        Wake.newBuilder()
            .setFirst(accepted.position())
            .addMessages(Messages.numbered(message, accepted.ack().getSeq()))
            .build();
    switch (waking) {
      case BRINGING -> wake(message.getConversation(), bringing);
      case EMPTY -> wake(message.getConversation(), Wake.getDefaultInstance());
      case UNRELIABLE -> {
        if (chance.nextInt(4) > 0) {
          wake(message.getConversation(), bringing);
        }
        if (chance.nextInt(4) == 0) {
          vertx.setTimer(1 + chance.nextInt(5), late -> wake(message.getConversation(), bringing));
        }
      }
    }
  }

  void wake(String conversation, Wake wake) {
    int partition = Conversations.partitionOf(conversation, PARTITIONS);
    vertx.eventBus().send(Addresses.wakeOf(partition), wake, ProtoCodec.options());
  }

  /** Calls of a command by Redis' own count, those of scripts included. */
  long calls(String command) {
    return command("INFO", "commandstats")
        .toString()
        .lines()
        .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
        .sum();
  }

  /** Accepts all of them, many at a time; succeeds when every one is acknowledged. */
  Future<Void> sendAll(List<ChatMessage> all) {
    Semaphore underWay = new Semaphore(ACCEPTS_UNDER_WAY);
    List<Future<SendAck>> acks = new ArrayList<>();
    for (ChatMessage message : all) {
      underWay.acquireUninterruptibly();
      acks.add(send(message).onComplete(done -> underWay.release()));
    }
    return Future.all(acks).mapEmpty();
  }

  /** Everything that the store holds of a conversation; asks again while the store is away. */
  List<ChatMessage> stored(String conversation) {
    return Await.get(
        untilSucceeds("the store answers", () -> messages.after(conversation, 0, 100_000)));
  }

  List<Long> storedSeqs(String conversation) {
    return stored(conversation).stream().map(ChatMessage::getSeq).toList();
  }

  /** Who holds the lease of a partition, by what Redis says; null: nobody. */
  String ownerOf(int partition) {
    Response lease = command("GET", leaseKey(partition));
    return lease == null ? null : lease.toString().replaceFirst(":[^:]*$", "");
  }

  /** Gives a partition's lease to another worker, as if its holder's time had been over. */
  PushQueue.Lease giveLeaseTo(String worker, int partition) {
    int token = 1_000;
    command("SET", leaseKey(partition), worker + ":" + token);
    return new PushQueue.Lease(partition, worker, token);
  }

  private static String leaseKey(int partition) {
    return "parley:{p" + partition + "}:lease";
  }

  private Response command(String command, String... arguments) {
    Request request = Request.cmd(Command.create(command));
    Stream.of(arguments).forEach(request::arg);
    return Await.get(raw.send(request));
  }

  /** Until this side's connection is up again after Redis was away. */
  void untilRedisAnswers() {
    untilSucceeds("Redis answers", () -> queue.depth(0));
  }

  private static <T> Future<T> untilSucceeds(String what, Supplier<Future<T>> call) {
    AtomicReference<Future<T>> last = new AtomicReference<>();
    Await.until(
        what,
        () -> {
          last.set(call.get());
          Await.get(last.get().transform(done -> Future.succeededFuture()));
          return last.get().succeeded();
        });
    return last.get();
  }

  /** The queues are gone, as if Redis had lost them; the counts of conversations are not. */
  void loseQueues() {
    for (int p = 0; p < PARTITIONS; p++) {
      command("DEL", "parley:{p" + p + "}:queue", "parley:{p" + p + "}:trimmed");
    }
  }

  /** How many partitions workers of this process own. */
  int partitionsHere() {
    return LocalPartitions.of(vertx).count();
  }

  long waiting() {
    return IntStream.range(0, PARTITIONS).mapToLong(p -> Await.get(queue.depth(p))).sum();
  }

  void untilAllIsTrimmed() {
    Await.until("the queues are empty", () -> waiting() == 0);
  }

  @Override
  public void close() {
    try {
      vertx.deploymentIDs().forEach(id -> Await.get(vertx.undeploy(id)));
      Await.get(redis.close());
      Await.get(database.close());
      Await.get(vertx.close());
    } finally {
      redisServer.close();
    }
  }
}
