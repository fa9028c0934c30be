package chat.parley.stores.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;

/**
 * The newest chunk that H2 has written to its file, among the writes that this has seen.
 *
 * <p>H2 writes the file's header after a chunk, in a write of its own, and finds chunks that are
 * newer than the header's by the places that each says the next one will be at. A chunk on that way
 * may have been written over since by a newer one whose header was not written any more: H2 then
 * ends at an older version, though the newest is whole.
 */
final class NewestChunk {
  private static final Charset LATIN = StandardCharsets.ISO_8859_1;
  private static final int BLOCK = 4096;
  private static final int LONGEST_HEADER = 1024;
  private static final Pattern CHUNK = Pattern.compile("chunk:([0-9a-f]{1,8}),[^\n]*");
  private static final Pattern VERSION = Pattern.compile(",version:([0-9a-f]{1,15})\\b");
  private static final Pattern CHECKSUM = Pattern.compile(",fletcher:([0-9a-f]{1,8})");

  private FileWrite write;
  private long id;
  private long version = -1;

  /**
   * In the order in which they are done. Every chunk is one write, from its beginning to its end.
   */
  void saw(FileWrite next) {
    if (next.isTruncation() || next.position() < 2 * BLOCK || next.position() % BLOCK != 0) {
      return;
    }
    byte[] bytes = next.bytes();
    Matcher chunk =
        CHUNK.matcher(new String(bytes, 0, Math.min(bytes.length, LONGEST_HEADER), LATIN));
    if (chunk.lookingAt()) {
      Matcher found = VERSION.matcher(chunk.group());
      // The same one again when it was moved.
      if (found.find() && Long.parseLong(found.group(1), 16) >= version) {
        version = Long.parseLong(found.group(1), 16);
        id = Long.parseLong(chunk.group(1), 16);
        write = next;
      }
    }
  }

  /** Empty when none was seen. */
  Optional<FileWrite> write() {
    return Optional.ofNullable(write);
  }

  /** Has the file's header name the chunk, unless it does. Not fsynced. */
  void nameIn(FileChannel file) throws IOException {
    HashMap<String, String> header = write == null ? null : headerOf(file);
    if (header == null || DataUtils.readHexLong(header, "version", 0) >= version) {
      return;
    }
    header.put("block", Long.toHexString(write.position() / BLOCK));
    header.put("chunk", Long.toHexString(id));
    header.put("version", Long.toHexString(version));
    header.remove("clean");
    FileWrite.of(0, blocksOf(header)).applyTo(file);
  }

  /** It is there twice. Null when neither is whole: H2 says what that means. */
  private static HashMap<String, String> headerOf(FileChannel file) throws IOException {
    for (long block = 0; block < 2; block++) {
      ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
      while (bytes.hasRemaining() && file.read(bytes, block * BLOCK + bytes.position()) > 0) {
        continue;
      }
      String text = new String(bytes.array(), LATIN);
      Matcher checksum = CHECKSUM.matcher(text);
      if (checksum.find()) {
        byte[] summed = text.substring(0, checksum.start()).getBytes(LATIN);
        int wanted = (int) Long.parseLong(checksum.group(1), 16);
        if (DataUtils.getFletcher32(summed, 0, summed.length) == wanted) {
          return DataUtils.parseMap(new String(summed, LATIN));
        }
      }
    }
    return null;
  }

  private static byte[] blocksOf(HashMap<String, String> header) {
    StringBuilder text = new StringBuilder();
    DataUtils.appendMap(text, header);
    byte[] summed = text.toString().getBytes(LATIN);
    DataUtils.appendMap(text, "fletcher", DataUtils.getFletcher32(summed, 0, summed.length));
    byte[] line = text.append('\n').toString().getBytes(LATIN);
    return ByteBuffer.allocate(2 * BLOCK).put(line).position(BLOCK).put(line).array();
  }
}
