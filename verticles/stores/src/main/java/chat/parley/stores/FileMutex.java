package chat.parley.stores;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file that one thread of one process of this machine holds at a time. The operating system gives
 * it back when its holder dies. To be closed by the thread that took it.
 */
public final class FileMutex implements AutoCloseable {
  /** A file lock belongs to the process: between threads it would throw. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private static final long RETRY_MS = 20;

  private final ReentrantLock threads;
  private final FileChannel channel;

  private FileMutex(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /**
   * Takes a file, which is made if there is none; blocking.
   *
   * @return empty when another one holds it for longer than {@code atMost}
   * @throws IOException when the file cannot be made; an {@link InterruptedIOException} when the
   *     thread was interrupted, which it then still is
   */
  public static Optional<FileMutex> take(Path file, Duration atMost) throws IOException {
    long end = System.nanoTime() + atMost.toNanos();
    ReentrantLock threads =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new ReentrantLock(true));
    try {
      if (!threads.tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      throw interrupted(file);
    }
    Optional<FileMutex> taken = Optional.empty();
    try {
      taken = ofProcess(file, threads, end);
    } finally {
      if (taken.isEmpty()) {
        threads.unlock();
      }
    }
    return taken;
  }

  private static Optional<FileMutex> ofProcess(Path file, ReentrantLock threads, long end)
      throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      while (lock == null && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        lock = channel.tryLock();
      }
    } catch (InterruptedException e) {
      throw interrupted(file);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? Optional.empty() : Optional.of(new FileMutex(threads, channel));
  }

  private static InterruptedIOException interrupted(Path file) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("the wait for " + file + " was interrupted");
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      threads.unlock();
    }
  }
}
