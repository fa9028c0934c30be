package chat.parley.stores.redis.embedded;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where the embedded Redis of a data folder listens; what {@code redis.json} holds.
 *
 * @param pid of the redis-server
 */
record RedisEndpoint(String host, int port, String password, long pid) {
  static final String FILE = "redis.json";

  /** Empty when there is no file, or one that was not written to its end. */
  static Optional<RedisEndpoint> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonObject json = new JsonObject(Files.readString(file));
      return Optional.of(
          new RedisEndpoint(
              json.getString("host"),
              json.getInteger("port"),
              json.getString("password"),
              json.getLong("pid")));
    } catch (DecodeException | NullPointerException e) {
      return Optional.empty();
    }
  }

  /** Replaces the file in one step. */
  void write(Path folder) throws IOException {
    JsonObject json =
        new JsonObject()
            .put("host", host)
            .put("port", port)
            .put("password", password)
            .put("pid", pid);
    Path fresh = folder.resolve(FILE + ".new");
    writePrivately(fresh, json.encodePrettily());
    Files.move(
        fresh,
        folder.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes a file that only its owner may read. */
  static void writePrivately(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, text);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return host + ":" + port + " (process " + pid + ")";
  }
}
