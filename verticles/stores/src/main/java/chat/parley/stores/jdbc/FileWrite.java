package chat.parley.stores.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * One write to a file, or one truncation.
 *
 * @param position the first byte; of a truncation the new size
 * @param bytes null for a truncation
 */
record FileWrite(long position, byte[] bytes) {
  static FileWrite of(long position, byte[] bytes) {
    return new FileWrite(position, bytes);
  }

  static FileWrite truncation(long size) {
    return new FileWrite(size, null);
  }

  boolean isTruncation() {
    return bytes == null;
  }

  int length() {
    return isTruncation() ? 0 : bytes.length;
  }

  long sizeAfter(long before) {
    return isTruncation() ? Math.min(before, position) : Math.max(before, position + bytes.length);
  }

  void applyTo(FileChannel file) throws IOException {
    if (isTruncation()) {
      file.truncate(position);
      return;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      file.write(rest, position + rest.position());
    }
  }

  /**
   * Puts what this changed over what was read before it.
   *
   * @param read from the file, from its index 0 on
   * @param from the position in the file of index 0
   */
  void showIn(ByteBuffer read, long from) {
    long end = isTruncation() ? Long.MAX_VALUE : position + bytes.length;
    int first = (int) Math.min(Math.max(position - from, 0), read.limit());
    int last = (int) Math.max(Math.min(end - from, read.limit()), first);
    if (isTruncation()) {
      for (int i = first; i < last; i++) {
        read.put(i, (byte) 0);
      }
    } else if (last > first) {
      read.put(first, bytes, (int) (from + first - position), last - first);
    }
  }
}
