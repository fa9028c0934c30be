package chat.parley.stores.redis;

import chat.parley.settings.SettingsReader;
import chat.parley.stores.MessageStore;
import chat.parley.stores.NodeLeases;
import chat.parley.stores.Partitions;
import chat.parley.stores.Presence;
import chat.parley.stores.PushQueue;
import chat.parley.stores.Quotas;
import chat.parley.stores.RedisSettings;
import chat.parley.stores.SessionStore;
import chat.parley.stores.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/**
 * The stores in Redis, over one connection of their own: calls through all stores of one instance
 * take effect in their order. Open one for each verticle instance, inside it.
 */
public final class RedisStores {
  private final RedisLink link;
  private final RedisSettings settings;

  private RedisStores(RedisLink link, RedisSettings settings) {
    this.link = link;
    this.settings = settings;
  }

  /**
   * Opens the stores on the configured Redis (section {@code redis}) or on the embedded one of the
   * folder {@code data}.
   *
   * <p>Fails with {@code UNAVAILABLE} when Redis is not there, and with a {@link
   * chat.parley.settings.SettingsException} that names the setting when it is too old or set to
   * lose what it acknowledged.
   */
  public static Future<RedisStores> open(Vertx vertx, JsonObject config) {
    return settingsOf(config)
        .compose(
            settings ->
                vertx
                    .executeBlocking(() -> RedisAddress.of(config, settings), false)
                    .compose(address -> RedisLink.open(vertx, address, settings))
                    .compose(
                        link ->
                            DurabilityCheck.of(link)
                                .map(checked -> new RedisStores(link, settings))
                                .recover(
                                    bad -> link.close().transform(v -> Future.failedFuture(bad)))));
  }

  /**
   * What {@link #open} checks, and nothing else: for a start that wants to know before it goes on.
   */
  public static Future<Void> check(Vertx vertx, JsonObject config) {
    return open(vertx, config).compose(RedisStores::close);
  }

  /** The queue; {@code heads} knows the counts that Redis has lost. */
  public PushQueue pushQueue(MessageStore heads) {
    return pushQueue(heads::heads);
  }

  /** The queue; {@code heads} answers the newest stored seq by conversation. */
  public PushQueue pushQueue(Function<Collection<String>, Future<Map<String, Long>>> heads) {
    return new RedisPushQueue(link, settings, new HeadLookup(heads));
  }

  public Partitions partitions() {
    return new RedisPartitions(link, settings);
  }

  public SessionStore sessions() {
    return new RedisSessionStore(link, settings);
  }

  public Topics topics() {
    return new RedisTopics(link);
  }

  public Presence presence() {
    return new RedisPresence(link);
  }

  public Quotas quotas() {
    return new RedisQuotas(link);
  }

  public NodeLeases nodeLeases() {
    return new RedisNodeLeases(link, settings);
  }

  public RedisSettings settings() {
    return settings;
  }

  /** Waits for the calls under way, at most the deadline, and closes the connection. Idempotent. */
  public Future<Void> close() {
    return link.close();
  }

  RedisLink link() {
    return link;
  }

  private static Future<RedisSettings> settingsOf(JsonObject config) {
    try {
      return Future.succeededFuture(SettingsReader.section(config, "redis", RedisSettings.class));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }
}
