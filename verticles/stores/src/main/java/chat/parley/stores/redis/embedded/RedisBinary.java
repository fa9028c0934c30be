package chat.parley.stores.redis.embedded;

import chat.parley.stores.redis.RedisVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * A redis-server program.
 *
 * @param origin where it comes from, for people
 */
record RedisBinary(Path file, String origin) {
  private static final String NAME = "redis-server";
  private static final long VERSION_DEADLINE_S = 10;

  /**
   * The redis-server on the search path; where there is none, the one that the embedded-redis
   * library carries.
   *
   * @param searchPath as in the environment's PATH
   * @param unpackTo folder for the carried one
   * @throws RedisUnusableException when there is none, or it is too old
   */
  static RedisBinary find(String searchPath, Path unpackTo) {
    return SearchPath.find(searchPath, NAME)
        .map(found -> new RedisBinary(found, "found on the PATH"))
        .orElseGet(() -> carried(unpackTo))
        .checked();
  }

  private static RedisBinary carried(Path unpackTo) {
    try {
      Files.createDirectories(unpackTo);
      Path file = ExecutableProvider.newJarResourceProvider(unpackTo.toFile()).get().toPath();
      return new RedisBinary(file, "carried by the embedded-redis library");
    } catch (IOException | RuntimeException e) {
      throw new RedisUnusableException(
          "There is no redis-server on the PATH, and none is carried for this machine: install"
              + " Redis 6.2 or newer, or set redis.address.",
          e);
    }
  }

  private RedisBinary checked() {
    String answer = askVersion();
    RedisVersion version = RedisVersion.parse(answer);
    if (!version.isServed()) {
      throw new RedisUnusableException(
          file + " is Redis " + version + ", and Redis 6.2 or newer is needed.");
    }
    return new RedisBinary(file, version + ", " + origin);
  }

  /** For example {@code Redis server v=7.0.15 sha=…}. */
  private String askVersion() {
    Process process = null;
    try {
      process = new ProcessBuilder(file.toString(), "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(VERSION_DEADLINE_S, TimeUnit.SECONDS)) {
        throw new RedisUnusableException(file + " --version does not answer.");
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new RedisUnusableException(file + " cannot be run: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnusableException("The start was interrupted.", e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }
}
