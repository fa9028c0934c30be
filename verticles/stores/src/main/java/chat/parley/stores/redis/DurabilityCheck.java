package chat.parley.stores.redis;

import chat.parley.bus.ChatError;
import chat.parley.settings.SettingsException;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a Redis keeps what it acknowledged: the promises of this server hang on its settings. */
final class DurabilityCheck {
  private static final Logger LOG = LoggerFactory.getLogger(DurabilityCheck.class);
  private static final Map<String, String> WANTED = new LinkedHashMap<>();

  static {
    WANTED.put("appendonly", "yes");
    WANTED.put("appendfsync", "always");
    WANTED.put("maxmemory-policy", "noeviction");
  }

  private DurabilityCheck() {}

  /** Fails with a {@link SettingsException} that names what is wrong. */
  static Future<Void> of(RedisLink link) {
    return link.call("INFO", "server")
        .map(DurabilityCheck::requireVersion)
        .compose(ok -> Future.all(WANTED.keySet().stream().map(s -> require(link, s)).toList()))
        .mapEmpty();
  }

  private static Void requireVersion(Response info) {
    String version =
        info.toString()
            .lines()
            .filter(line -> line.startsWith("redis_version:"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim())
            .findFirst()
            .orElse("unknown");
    if (!RedisVersion.parse(version).isServed()) {
      throw new SettingsException(
          "Redis " + version + " is too old: " + RedisVersion.OLDEST + " or newer is needed");
    }
    return null;
  }

  private static Future<Void> require(RedisLink link, String setting) {
    return link.call("CONFIG", "GET", setting)
        .transform(
            answer -> {
              if (answer.failed()) {
                return unknown(setting, answer.cause());
              }
              String value = valueIn(answer.result());
              return WANTED.get(setting).equals(value)
                  ? Future.succeededFuture()
                  : Future.failedFuture(refused(setting, value));
            });
  }

  /** Managed services forbid CONFIG: whoever runs one answers for its settings. */
  private static Future<Void> unknown(String setting, Throwable cause) {
    if (cause instanceof ChatError error && error.retryable()) {
      return Future.failedFuture(error);
    }
    LOG.warn(
        "Redis does not tell its setting {}: make sure that it is {}, or messages can be lost",
        setting,
        WANTED.get(setting));
    return Future.succeededFuture();
  }

  private static SettingsException refused(String setting, String value) {
    return new SettingsException(
        "Redis is set to lose messages: its "
            + setting
            + " must be "
            + WANTED.get(setting)
            + ", not "
            + value);
  }

  private static String valueIn(Response pair) {
    List<Response> parts = pair.stream().toList();
    return parts.size() < 2 ? "unset" : parts.get(1).toString();
  }
}
