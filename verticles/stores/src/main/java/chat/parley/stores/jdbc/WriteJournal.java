package chat.parley.stores.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes of a {@link JournaledFile} in their order, each with a checksum, in a file beside it:
 * {@code FILE.journal.N}. It ends where the first entry is not whole: what follows was not fsynced.
 *
 * <p>When it is long the next one, N+1, takes over: then everything of N is fsynced. It is removed
 * when everything of it is fsynced in the file too.
 *
 * <p>An entry: magic and number of the journal, number of the entry, position, length (-1 for a
 * truncation), CRC-32C of all of it; then the bytes. Blocking; not for several threads, but for
 * {@link #force}.
 */
final class WriteJournal {
  private static final Logger LOG = LoggerFactory.getLogger(WriteJournal.class);
  private static final int MAGIC = 0x50_4C_4A_31;
  private static final int HEADER = 4 + 8 + 8 + 8 + 4 + 4;
  private static final int CHECKSUM_AT = HEADER - 4;

  /** Bounds what a start has to read, and the space that it takes. */
  private static final long LONG_BYTES = 32 << 20;

  /** Far over anything that H2 writes at once. */
  private static final int MOST_BYTES = 256 << 20;

  private final Path file;
  private final long number;
  private final Path path;
  private final FileChannel channel;
  private final NewestChunk newest = new NewestChunk();
  private long entries;
  private long length;

  private WriteJournal(Path file, long number) throws IOException {
    this.file = file;
    this.number = number;
    this.path = pathOf(file, number);
    this.channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    syncFolderOf(path);
  }

  /**
   * Writes what older journals hold over a file, fsyncs it, and begins a new one.
   *
   * @param channel of the file, locked against other processes
   */
  static WriteJournal openOver(Path file, FileChannel channel) throws IOException {
    SortedMap<Long, Path> old = journalsOf(file);
    NewestChunk newest = new NewestChunk();
    long written = 0;
    for (var journal : old.entrySet()) {
      written += replay(journal.getKey(), journal.getValue(), channel, newest);
    }
    newest.nameIn(channel);
    channel.force(true);
    if (written > 0) {
      LOG.info("{} was not closed: its journal's {} writes have been done", file, written);
    }
    WriteJournal fresh = new WriteJournal(file, old.isEmpty() ? 1 : old.lastKey() + 1);
    fresh.beginWith(newest);
    for (Path journal : old.values()) {
      Files.deleteIfExists(journal);
    }
    return fresh;
  }

  private static SortedMap<Long, Path> journalsOf(Path file) throws IOException {
    String prefix = file.getFileName() + ".journal.";
    SortedMap<Long, Path> journals = new TreeMap<>();
    try (Stream<Path> all = Files.list(file.getParent())) {
      List<Path> ours =
          all.filter(path -> path.getFileName().toString().matches("\\Q" + prefix + "\\E\\d{1,18}"))
              .toList();
      for (Path journal : ours) {
        String name = journal.getFileName().toString();
        journals.put(Long.parseLong(name.substring(prefix.length())), journal);
      }
    }
    return journals;
  }

  private static long replay(long number, Path journal, FileChannel file, NewestChunk newest)
      throws IOException {
    long entry = 0;
    try (FileChannel channel = FileChannel.open(journal)) {
      long at = 0;
      for (FileWrite write = read(channel, at, number, entry);
          write != null;
          write = read(channel, at, number, entry)) {
        write.applyTo(file);
        newest.saw(write);
        at += HEADER + write.length();
        entry++;
      }
    }
    return entry;
  }

  /** Null when there is no whole entry. */
  private static FileWrite read(FileChannel channel, long at, long number, long entry)
      throws IOException {
    ByteBuffer header = readFully(channel, at, HEADER);
    if (header == null
        || header.getInt() != MAGIC
        || header.getLong() != number
        || header.getLong() != entry) {
      return null;
    }
    long position = header.getLong();
    int length = header.getInt();
    int checksum = header.getInt();
    if (position < 0 || length < -1 || length > MOST_BYTES) {
      return null;
    }
    ByteBuffer bytes = readFully(channel, at + HEADER, Math.max(length, 0));
    if (bytes == null || checksum != checksum(header.array(), bytes.array(), 0)) {
      return null;
    }
    return length < 0 ? FileWrite.truncation(position) : FileWrite.of(position, bytes.array());
  }

  private static ByteBuffer readFully(FileChannel channel, long at, int length) throws IOException {
    if (at + length > channel.size()) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        return null;
      }
    }
    return bytes.flip();
  }

  private static int checksum(byte[] header, byte[] bytes, int from) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, CHECKSUM_AT);
    crc.update(bytes, from, bytes.length - from);
    return (int) crc.getValue();
  }

  /** Survives a killed process when it returns. */
  void append(FileWrite write) throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(HEADER + write.length());
    entry.putInt(MAGIC).putLong(number).putLong(entries).putLong(write.position());
    entry.putInt(write.isTruncation() ? -1 : write.length()).putInt(0);
    if (!write.isTruncation()) {
      entry.put(write.bytes());
    }
    entry.putInt(CHECKSUM_AT, checksum(entry.array(), entry.array(), HEADER));
    entry.flip();
    while (entry.hasRemaining()) {
      channel.write(entry, length + entry.position());
    }
    length += entry.limit();
    entries++;
    newest.saw(write);
  }

  /**
   * The header of the file may be written later than the newest chunk: a journal tells which one
   * that is from its beginning on. To write it again where it is changes nothing.
   */
  private void beginWith(NewestChunk known) throws IOException {
    if (known.write().isPresent()) {
      append(known.write().get());
      force();
    }
  }

  /** What was appended before the call survives a power cut when it returns. */
  void force() throws IOException {
    channel.force(false);
  }

  boolean isLong() {
    return length > LONG_BYTES;
  }

  /** The journal of what is written from now on; everything of this one is fsynced. */
  WriteJournal next() throws IOException {
    WriteJournal next = new WriteJournal(file, number + 1);
    next.beginWith(newest);
    return next;
  }

  /** It is not needed any more. */
  void remove() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
  }

  void close() throws IOException {
    channel.close();
  }

  private static Path pathOf(Path file, long number) {
    return file.resolveSibling(file.getFileName() + ".journal." + number);
  }

  /** A file is only as safe as its name. Not every system can open a folder. */
  private static void syncFolderOf(Path path) throws IOException {
    try (FileChannel folder = FileChannel.open(path.getParent())) {
      folder.force(true);
    } catch (java.nio.file.AccessDeniedException e) {
      LOG.debug("the folder of {} cannot be fsynced here", path, e);
    }
  }
}
