package chat.parley.task;

import chat.parley.bus.ProtoCodec;
import chat.parley.settings.SettingsReader;
import chat.parley.stores.MessageStore;
import chat.parley.stores.Node;
import chat.parley.stores.RedisSettings;
import chat.parley.stores.jdbc.JdbcStores;
import chat.parley.stores.redis.RedisStores;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.shareddata.Counter;

/**
 * One partition worker: stores what was accepted and hands it to the connect nodes. Instances and
 * processes share the partitions among them, whatever their number; sections {@code task}, {@code
 * redis} and {@code database}.
 *
 * <p>Started when it holds its share of what is free; stopped when it has given everything back, or
 * after the deadline of draining.
 */
public final class TaskVerticle extends VerticleBase {
  private Node node;
  private JdbcStores database;
  private RedisStores redis;
  private Worker worker;

  @Override
  public Future<?> start() {
    ProtoCodec.install(vertx);
    TaskSettings settings = SettingsReader.section(config(), "task", TaskSettings.class);
    RedisSettings redisSettings = SettingsReader.section(config(), "redis", RedisSettings.class);
    return Node.join(vertx, config())
        .compose(
            joined -> {
              node = joined;
              return JdbcStores.open(vertx, config());
            })
        .compose(
            opened -> {
              database = opened;
              return RedisStores.open(vertx, config());
            })
        .compose(
            opened -> {
              redis = opened;
              return workerOf(settings, redisSettings);
            })
        .compose(
            made -> {
              worker = made;
              new Housekeeping(database.messages(), () -> worker.owns(0)).start(vertx);
              return worker.start();
            })
        .recover(t -> stop().transform(stopped -> Future.failedFuture(t)));
  }

  @Override
  public Future<?> stop() {
    Future<Void> stopped = worker == null ? Future.succeededFuture() : worker.stop();
    return stopped.transform(done -> close());
  }

  private Future<Worker> workerOf(TaskSettings settings, RedisSettings redisSettings) {
    // Counted within the process: the node's name makes it unique in the cluster.
    return vertx
        .sharedData()
        .getLocalCounter("parley.task.workers")
        .compose(Counter::getAndIncrement)
        .map(
            number ->
                new Worker(
                    node.nodeId() + "/" + number,
                    pathOf(settings),
                    redis.partitions(),
                    redisSettings.partitionLease()));
  }

  private Path pathOf(TaskSettings settings) {
    MessageStore messages = database.messages();
    TaskCounters counters = new TaskCounters();
    return new Path(
        vertx,
        settings,
        redis.pushQueue(messages),
        new StoreWriter(messages),
        redis.topics(),
        new NodeOutboxes(vertx, settings, counters),
        new Settler(vertx, messages, settings),
        new RoomRetention(messages, settings.roomHistory()),
        counters);
  }

  /** What is open, in the order of the message; one that cannot be closed keeps no other open. */
  private Future<Void> close() {
    Future<Void> closed = redis == null ? Future.succeededFuture() : redis.close();
    return closed
        .transform(done -> database == null ? Future.succeededFuture() : database.close())
        .transform(done -> node == null ? Future.succeededFuture() : node.leave());
  }
}
