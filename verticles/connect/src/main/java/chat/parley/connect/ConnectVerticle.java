package chat.parley.connect;

import chat.parley.bus.ProtoCodec;
import chat.parley.settings.SettingsReader;
import chat.parley.stores.redis.RedisStores;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;

/**
 * Connect: one instance is one event loop is one {@link Bucket}. Has started when its ports are
 * open and the cluster knows where to deliver. Stops by sending its clients elsewhere first.
 */
public final class ConnectVerticle extends VerticleBase {
  private RedisStores stores;
  private ConnectNode node;
  private Bucket bucket;
  private Listeners listeners;

  @Override
  public Future<?> start() {
    ProtoCodec.install(vertx);
    ConnectMetrics.register();
    ConnectSettings settings = SettingsReader.section(config(), "connect", ConnectSettings.class);
    V2Settings v2 = SettingsReader.section(config(), "v2", V2Settings.class);
    return RedisStores.open(vertx, config())
        .onSuccess(opened -> stores = opened)
        .compose(opened -> ConnectNode.join((ContextInternal) context, config()))
        .compose(joined -> open(settings, v2, joined))
        .recover(e -> stop().transform(stopped -> Future.failedFuture(e)));
  }

  private Future<?> open(ConnectSettings settings, V2Settings v2, ConnectNode joined) {
    node = joined;
    bucket =
        new Bucket(
            (ContextInternal) context, settings, v2, node, stores.topics(), stores.presence());
    node.add(bucket);
    bucket.start();
    listeners = new Listeners(vertx, bucket);
    return listeners.open();
  }

  /** In the order of the message: no new sockets, no sessions, no registrations, no stores. */
  @Override
  public Future<?> stop() {
    return (bucket == null ? Future.succeededFuture() : closeBucket())
        .transform(done -> node == null ? Future.succeededFuture() : node.leave())
        .transform(done -> stores == null ? Future.succeededFuture() : stores.close());
  }

  private Future<?> closeBucket() {
    long deadline = bucket.settings().goodbye().plus(bucket.settings().drain()).toMillis();
    Future<?> closed = listeners.shutdown(deadline);
    return bucket
        .sayGoodbye()
        .transform(said -> closed)
        .transform(
            done -> {
              node.remove(bucket);
              return bucket.close();
            });
  }
}
