package chat.parley.connect;

import chat.parley.bus.ProtoCodec;
import chat.parley.settings.SettingsReader;
import chat.parley.stores.redis.RedisStores;
import chat.parley.stores.redis.embedded.EmbeddedRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A connect node of one bucket on a real Redis, whose carriers are given their bytes by the test
 * instead of by sockets: thousands of connections a second, each the same every time.
 */
final class BareNode implements AutoCloseable {
  private static final int PATIENCE_S = 10;

  private final AtomicReference<Throwable> uncaught = new AtomicReference<>();
  private final Path folder = folder();
  private final EmbeddedRedis redis = EmbeddedRedis.start(folder);
  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
  private final StandInLogic logic = new StandInLogic(vertx, uncaught::set);
  private final RedisStores stores;
  private final ConnectNode node;
  private final Bucket bucket;

  BareNode() {
    JsonObject config = new JsonObject().put("data", folder.toString());
    ProtoCodec.install(vertx);
    vertx.exceptionHandler(uncaught::set);
    logic.serve();
    stores = get(RedisStores.open(vertx, config));
    node = get(ConnectNode.join(context, config));
    bucket =
        inLoop(
            () ->
                new Bucket(
                    context,
                    SettingsReader.section(config, "connect", ConnectSettings.class),
                    SettingsReader.section(config, "v2", V2Settings.class),
                    node,
                    stores.topics(),
                    stores.presence()));
    node.add(bucket);
  }

  Bucket bucket() {
    return bucket;
  }

  /** Open connections, as the node's status tells them. */
  long connections() {
    return vertx.sharedData().<String, Long>getLocalMap("parley.status").get("connections");
  }

  /**
   * Does something on the bucket's event loop; an exception that nobody caught meanwhile counts.
   */
  <T> T inLoop(Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          try {
            done.complete(work.call());
          } catch (Throwable t) {
            done.completeExceptionally(t);
          }
        });
    T result = get(done);
    requireNothingUncaught();
    return result;
  }

  /** Waits until no answer of logic's is owed to anybody. */
  void settle() {
    while (inLoop(() -> bucket.logic().inFlight()) > 0) {
      Thread.onSpinWait();
    }
  }

  void requireNothingUncaught() {
    Throwable escaped = uncaught.getAndSet(null);
    if (escaped != null) {
      throw new AssertionError("an exception that nobody caught", escaped);
    }
  }

  private static <T> T get(Future<T> future) {
    return get(future.toCompletionStage().toCompletableFuture());
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e.getCause() == null ? e : e.getCause());
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("parley-fuzz");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    node.remove(bucket);
    get(context.future(closed -> bucket.close().onComplete(closed)));
    get(node.leave());
    get(stores.close());
    get(vertx.close());
    redis.close();
  }
}
