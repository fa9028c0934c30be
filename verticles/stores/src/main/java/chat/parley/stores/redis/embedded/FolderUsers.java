package chat.parley.stores.redis.embedded;

import chat.parley.stores.FileMutex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Who shares the Redis of a data folder: a file for each, named by the process. One that died
 * without removing its file does not count. Every method is called under the folder's {@link
 * FileMutex}.
 */
final class FolderUsers {
  private static final AtomicInteger OF_THIS_PROCESS = new AtomicInteger();

  private final Path folder;
  private final Path own;

  FolderUsers(Path redisFolder) {
    folder = redisFolder.resolve("users");
    long pid = ProcessHandle.current().pid();
    own = folder.resolve(pid + "." + OF_THIS_PROCESS.incrementAndGet());
  }

  void enter() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(own, startOf(ProcessHandle.current()));
  }

  void leave() throws IOException {
    Files.deleteIfExists(own);
  }

  /** Whether anybody alive is left; removes the files of the dead. */
  boolean isAnybodyThere() throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.toList();
    }
    boolean anybody = false;
    for (Path file : files) {
      if (isAlive(file)) {
        anybody = true;
      } else {
        Files.deleteIfExists(file);
      }
    }
    return anybody;
  }

  /** The start's time tells a process from a later one with the same number. */
  private static boolean isAlive(Path file) {
    String name = file.getFileName().toString();
    try {
      long pid = Long.parseLong(name.substring(0, name.indexOf('.')));
      String start = Files.readString(file);
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(process -> startOf(process).equals(start))
          .isPresent();
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }
}
