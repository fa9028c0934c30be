package chat.parley.stores.redis.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds a data folder against the other processes that share it and the other threads of this one.
 * The operating system gives it back when its holder dies.
 */
final class FolderLock implements AutoCloseable {
  /** A file lock belongs to the process: between threads it would throw. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private static final long RETRY_MS = 20;

  private final FileChannel channel;
  private final FileLock lock;

  private FolderLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * @throws RedisUnusableException when another one holds it for longer than the deadline
   */
  static FolderLock take(Path folder, Duration deadline) throws IOException {
    long end = System.nanoTime() + deadline.toNanos();
    try {
      if (!THREADS.tryLock(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw busy(folder);
      }
      FileChannel channel = null;
      try {
        channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        while (lock == null) {
          if (System.nanoTime() > end) {
            throw busy(folder);
          }
          TimeUnit.MILLISECONDS.sleep(RETRY_MS);
          lock = channel.tryLock();
        }
        return new FolderLock(channel, lock);
      } catch (IOException | RuntimeException | InterruptedException e) {
        if (channel != null) {
          channel.close();
        }
        THREADS.unlock();
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnusableException("The wait for " + folder + " was interrupted.", e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      lock.release();
      channel.close();
    } finally {
      THREADS.unlock();
    }
  }

  private static RedisUnusableException busy(Path folder) {
    return new RedisUnusableException(
        "Another process has been starting or stopping the Redis of " + folder + " for too long.");
  }
}
