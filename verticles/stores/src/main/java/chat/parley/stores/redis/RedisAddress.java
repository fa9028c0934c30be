package chat.parley.stores.redis;

import chat.parley.settings.SettingsException;
import chat.parley.stores.RedisSettings;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a Redis is.
 *
 * @param password null when there is none
 */
record RedisAddress(String host, int port, boolean tls, String password) {
  private static final int DEFAULT_PORT = 6379;

  /**
   * The configured Redis; where none is configured, the embedded one that was started for the data
   * folder. Reads one small file at most: for the start, not for the path of a message.
   *
   * @throws SettingsException when the address is malformed, or nothing is configured and no
   *     embedded Redis was started
   */
  static RedisAddress of(JsonObject config, RedisSettings settings) {
    if (settings.address() == null) {
      return embedded(Path.of(config.getString("data", "data")));
    }
    URI uri;
    try {
      uri = new URI(settings.address());
    } catch (URISyntaxException e) {
      throw new SettingsException("redis.address is not an address", e);
    }
    boolean tls = "rediss".equals(uri.getScheme());
    if (uri.getHost() == null || !(tls || "redis".equals(uri.getScheme()))) {
      throw new SettingsException("redis.address must be redis://host:port or rediss://host:port");
    }
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    return new RedisAddress(uri.getHost(), port, tls, settings.password());
  }

  private static RedisAddress embedded(Path dataDir) {
    Path file = dataDir.resolve("redis").resolve("redis.json");
    try {
      JsonObject json = new JsonObject(Files.readString(file));
      return new RedisAddress(
          json.getString("host"), json.getInteger("port"), false, json.getString("password"));
    } catch (IOException | DecodeException e) {
      throw new SettingsException(
          "no redis.address is set and no embedded Redis was started for the data folder "
              + dataDir,
          e);
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
