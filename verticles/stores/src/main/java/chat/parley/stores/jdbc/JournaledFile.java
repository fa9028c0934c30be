package chat.parley.stores.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.store.fs.FileBaseDefault;

/**
 * A file whose writes reach the disk in their order, each whole or not at all.
 *
 * <p>A write goes to a {@link WriteJournal} at once, so that it survives a killed process, and
 * stays in memory until the journal is fsynced; only then is it written to the file itself. So the
 * disk never has something in the file that the journal does not have. Whoever locks the file first
 * writes the journal over it.
 *
 * <p>After an error nothing more is written or read here: the file is to be opened again, which
 * brings everything that was written.
 *
 * <p>Thread-safe. Blocking.
 */
final class JournaledFile extends FileBaseDefault {
  /** Of writes that wait in memory for an fsync; the next one does it itself. */
  private static final int MOST_UNSYNCED_BYTES = 8 << 20;

  /** What files of this kind hold locked in this process. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel file;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final ReentrantLock forcing = new ReentrantLock();
  private final Deque<FileWrite> unsynced = new ArrayDeque<>();
  private long unsyncedBytes;
  private long size;
  private WriteJournal journal;
  private IOException broken;

  /**
   * @param file open for reading and writing; closed with this
   */
  JournaledFile(Path path, FileChannel file) {
    this.path = path.toAbsolutePath().normalize();
    this.file = file;
  }

  /** Whether this process has locked a file. */
  static boolean isHeld(Path path) {
    return HELD.contains(path.toAbsolutePath().normalize());
  }

  /** Brings the file to what the journal says before anybody reads it. */
  @Override
  public FileLock tryLock(long position, long length, boolean shared) throws IOException {
    FileLock held = file.tryLock(position, length, shared);
    if (held != null && journal == null) {
      try {
        journal = WriteJournal.openOver(path, file);
        size = file.size();
        HELD.add(path);
      } catch (IOException e) {
        held.release();
        throw e;
      }
    }
    return held == null ? null : new HeldUntilClosed(this, held);
  }

  /**
   * H2 gives the lock back before it closes the file; the journal has to be brought in until then.
   */
  private static final class HeldUntilClosed extends FileLock {
    /** The system's; collected, it would not be seen by this process any more. */
    private final FileLock held;

    private HeldUntilClosed(FileChannel channel, FileLock held) {
      super(channel, held.position(), held.size(), held.isShared());
      this.held = held;
    }

    @Override
    public boolean isValid() {
      return held.isValid();
    }

    @Override
    public void release() {
      // The system does it when the file is closed.
    }
  }

  @Override
  public long size() throws IOException {
    lock.readLock().lock();
    try {
      return journal == null ? file.size() : size;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    lock.readLock().lock();
    try {
      requireWhole();
      int wanted = (int) Math.min(into.remaining(), size - position);
      if (wanted <= 0) {
        return into.hasRemaining() ? -1 : 0;
      }
      ByteBuffer part = into.slice(into.position(), wanted);
      readFile(part, position);
      for (FileWrite write : unsynced) {
        write.showIn(part, position);
      }
      into.position(into.position() + wanted);
      return wanted;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Zeros where the file is not as long yet as what is unsynced will make it. */
  private void readFile(ByteBuffer part, long position) throws IOException {
    ByteBuffer rest = part.duplicate();
    while (rest.hasRemaining() && file.read(rest, position + rest.position()) >= 0) {
      continue;
    }
    while (rest.hasRemaining()) {
      rest.put((byte) 0);
    }
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    int length = from.remaining();
    byte[] bytes = new byte[length];
    from.get(bytes);
    add(FileWrite.of(position, bytes));
    return length;
  }

  @Override
  protected void implTruncate(long newSize) throws IOException {
    if (newSize < size()) {
      add(FileWrite.truncation(newSize));
    }
  }

  private void add(FileWrite write) throws IOException {
    boolean full;
    lock.writeLock().lock();
    try {
      requireWhole();
      journal.append(write);
      unsynced.add(write);
      unsyncedBytes += write.length();
      size = write.sizeAfter(size);
      full = unsyncedBytes > MOST_UNSYNCED_BYTES;
    } catch (IOException e) {
      throw broken(e);
    } finally {
      lock.writeLock().unlock();
    }
    if (full) {
      force(false);
    }
  }

  /** What was written before the call is on disk after it. Writes go on meanwhile. */
  @Override
  public void force(boolean metaData) throws IOException {
    forcing.lock();
    try {
      int count = countUnsynced();
      journal.force();
      apply(count);
      if (journal.isLong()) {
        startAnew();
      }
    } catch (IOException e) {
      throw broken(e);
    } finally {
      forcing.unlock();
    }
  }

  private int countUnsynced() throws IOException {
    lock.readLock().lock();
    try {
      requireWhole();
      return unsynced.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  private void apply(int count) throws IOException {
    lock.writeLock().lock();
    try {
      for (int i = 0; i < count; i++) {
        FileWrite write = unsynced.element();
        write.applyTo(file);
        unsynced.remove();
        unsyncedBytes -= write.length();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The journal of before is needed until all that it holds is on disk in the file. */
  private void startAnew() throws IOException {
    WriteJournal before;
    lock.writeLock().lock();
    try {
      journal.force();
      apply(unsynced.size());
      before = journal;
      journal = before.next();
    } finally {
      lock.writeLock().unlock();
    }
    try {
      file.force(true);
    } finally {
      before.close();
    }
    before.remove();
  }

  private void requireWhole() throws IOException {
    if (broken != null) {
      throw new IOException(path + " must be opened again", broken);
    }
    if (journal == null) {
      throw new IOException(path + " is not locked");
    }
  }

  /** Also because an fsync that failed once may succeed the next time without doing anything. */
  private IOException broken(IOException e) {
    lock.writeLock().lock();
    try {
      if (broken == null) {
        broken = e;
      }
      return e;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Leaves no journal behind when all went well: any H2 can open the file then. */
  @Override
  protected void implCloseChannel() throws IOException {
    try (file) {
      if (journal != null && broken == null) {
        force(true);
        file.force(true);
        journal.remove();
      }
    } finally {
      if (journal != null) {
        HELD.remove(path);
        journal.close();
      }
    }
  }
}
