package chat.parley.stores.redis.embedded;

import chat.parley.stores.FileMutex;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's share in the redis-server of a data folder. The first process that needs it starts
 * it, all of them see to it that it runs (one that dies is started again on the same port, with the
 * same data), and the last one that closes its share stops it. One that was left behind by a killed
 * process is found and used.
 *
 * <p>Loopback only, with a random password in {@code data/redis/redis.json}, which only the owner
 * may read. Everything acknowledged is on disk ({@code appendfsync always}).
 *
 * <p>Blocking; for the main thread. {@link #close} may be called by any thread.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final Duration LOCK_DEADLINE = Duration.ofSeconds(90);
  private static final int PASSWORD_BYTES = 24;

  private final Path folder;
  private final RedisChild child;
  private final FolderUsers users;
  private final RedisMonitor monitor;
  private RedisBinary binary;
  private volatile RedisEndpoint endpoint;
  private String description;
  private boolean closed;

  private EmbeddedRedis(Path folder) {
    this.folder = folder;
    this.child = new RedisChild(folder);
    this.users = new FolderUsers(folder);
    this.monitor = new RedisMonitor(this);
  }

  /**
   * Takes a share in the data folder's Redis; starts it where it does not run.
   *
   * @throws RedisUnusableException saying why there is none
   */
  public static EmbeddedRedis start(Path dataDir) {
    return start(dataDir, Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  static EmbeddedRedis start(Path dataDir, String searchPath) {
    Path folder = dataDir.toAbsolutePath().normalize().resolve("redis");
    try {
      createPrivately(folder);
      EmbeddedRedis redis = new EmbeddedRedis(folder);
      redis.join(searchPath);
      redis.monitor.start();
      return redis;
    } catch (IOException e) {
      throw new RedisUnusableException(
          "The folder " + folder + " cannot be written: " + e.getMessage() + ".", e);
    }
  }

  public String host() {
    return endpoint.host();
  }

  public int port() {
    return endpoint.port();
  }

  public String password() {
    return endpoint.password();
  }

  /** The process id of the redis-server; another one after it was restarted. */
  public long pid() {
    return endpoint.pid();
  }

  /** For people: which redis-server is used, where, and whether it was there already. */
  public String description() {
    return description;
  }

  /**
   * Starts the redis-server again, on its port and with its data, if it has died and no other
   * process did so before. Called by itself a few times a second.
   *
   * @return whether it had died
   */
  public synchronized boolean restartIfDead() {
    if (closed || !RedisChild.isGone(endpoint.pid())) {
      return false;
    }
    try (FileMutex alone = alone()) {
      RedisEndpoint current = RedisEndpoint.read(folder).orElse(endpoint);
      if (current.pid() == endpoint.pid() || !child.isServing(current)) {
        LOG.warn("the embedded Redis at {} has died and is started again", endpoint);
        current = child.start(binary, endpoint.port(), endpoint.password());
      }
      endpoint = current;
      return true;
    } catch (IOException e) {
      throw new RedisUnusableException("The embedded Redis cannot be started again.", e);
    }
  }

  /**
   * Gives the share back; the last one stops the redis-server and waits for its end. Idempotent.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    monitor.stop();
    try (FileMutex alone = alone()) {
      users.leave();
      if (!users.isAnybodyThere()) {
        child.stop(RedisEndpoint.read(folder).orElse(endpoint));
        Files.deleteIfExists(folder.resolve(RedisEndpoint.FILE));
      }
    } catch (IOException e) {
      throw new RedisUnusableException("The embedded Redis cannot be stopped.", e);
    }
  }

  private void join(String searchPath) throws IOException {
    try (FileMutex alone = alone()) {
      binary = RedisBinary.find(searchPath, folder.resolve("bin"));
      Optional<RedisEndpoint> left = RedisEndpoint.read(folder);
      boolean reused = left.isPresent() && child.isServing(left.get());
      if (reused) {
        endpoint = child.awaitReady(left.get());
        endpoint.write(folder);
      } else {
        endpoint = startLike(left);
      }
      description =
          (reused ? "Redis that was running already" : "Redis " + binary.origin())
              + ", on "
              + endpoint;
      users.enter();
    }
  }

  /** Under the address of the one that was there, if it can be: others may still look for it. */
  private RedisEndpoint startLike(Optional<RedisEndpoint> left) throws IOException {
    if (left.isPresent() && isFree(left.get().port())) {
      return child.start(binary, left.get().port(), left.get().password());
    }
    return child.start(binary, freePort(), newPassword());
  }

  /**
   * Holds the folder against the other processes that share it and the other threads of this one.
   */
  private FileMutex alone() throws IOException {
    return FileMutex.take(folder.resolve("lock"), LOCK_DEADLINE)
        .orElseThrow(
            () ->
                new RedisUnusableException(
                    "Another process has been starting or stopping the Redis of "
                        + folder
                        + " for too long."));
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException e) {
      LOG.debug("port {} is taken", port, e);
      return false;
    }
  }

  private static void createPrivately(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static String newPassword() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
