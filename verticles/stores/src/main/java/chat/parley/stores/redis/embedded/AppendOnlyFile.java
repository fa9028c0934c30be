package chat.parley.stores.redis.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append-only file of the redis-server in a folder, when the redis-server refuses to read it.
 *
 * <p>By itself it cuts off a last command that is not there to its end. After a power cut the file
 * may also end in something else, zeros mostly: of what it wrote since its last fsync any part may
 * have landed. None of that was acknowledged.
 */
final class AppendOnlyFile {
  private static final Logger LOG = LoggerFactory.getLogger(AppendOnlyFile.class);
  private static final long CHECK_DEADLINE_S = 60;

  /**
   * A redis-server fsyncs after each turn, so no more than one turn's writes can be torn. What is
   * more is no power cut, and for people to look at.
   */
  private static final long MOST_TORN_BYTES = 16 << 20;

  private static final Pattern TORN =
      Pattern.compile(
          "AOF analyzed:(?: filename=(\\S+),)? size=(\\d+), ok_up_to=(\\d+),.*diff=([1-9]\\d*)");

  private final Path folder;
  private final Path link;

  /**
   * @param folder of the redis-server
   */
  AppendOnlyFile(Path folder) {
    this.folder = folder;
    this.link = folder.resolve("bin").resolve("redis-check-aof");
  }

  /**
   * Cuts off what is behind the last whole command; a copy stays beside the file. Only when no
   * redis-server runs there.
   *
   * @return whether anything was cut off
   */
  boolean cutOffTornEnd(RedisBinary binary) throws IOException {
    Optional<Path> file = file();
    if (file.isEmpty()) {
      return false;
    }
    Matcher torn = TORN.matcher(check(binary, file.get(), false));
    if (!torn.find()) {
      return false;
    }
    long from = Long.parseLong(torn.group(3));
    long bytes = Long.parseLong(torn.group(4));
    Path part = torn.group(1) == null ? file.get() : file.get().resolveSibling(torn.group(1));
    if (bytes > MOST_TORN_BYTES) {
      LOG.error("{} is damaged from byte {} on, {} bytes: nothing is changed", part, from, bytes);
      return false;
    }
    Path copy = folder.resolve("torn-end-of-" + part.getFileName());
    Files.copy(part, copy, StandardCopyOption.REPLACE_EXISTING);
    check(binary, file.get(), true);
    LOG.warn(
        "{} ended in {} bytes that were never acknowledged, as after a power cut: cut off, and the"
            + " file as it was is at {}",
        part,
        bytes,
        copy);
    return true;
  }

  /** From Redis 7 on it is several files, which a list names. */
  private Optional<Path> file() {
    Path list = folder.resolve("appendonlydir").resolve("appendonly.aof.manifest");
    Path single = folder.resolve("appendonly.aof");
    return Optional.of(list)
        .filter(Files::exists)
        .or(() -> Optional.of(single).filter(Files::exists));
  }

  /** By the redis-server's own program, which is the redis-server under another name. */
  private String check(RedisBinary binary, Path file, boolean fix) throws IOException {
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, binary.file().toRealPath());
    List<String> command = new ArrayList<>(List.of(link.toString()));
    if (fix) {
      command.add("--fix");
    }
    command.add(file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().write("y\n".getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(CHECK_DEADLINE_S, TimeUnit.SECONDS)) {
        throw new RedisUnusableException("The check of " + file + " does not end.");
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnusableException("The check of " + file + " was interrupted.", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
