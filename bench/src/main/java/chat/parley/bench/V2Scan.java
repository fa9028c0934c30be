package chat.parley.bench;

import java.nio.charset.StandardCharsets;

/**
 * Reads of a v2 server frame what the bench counts, straight from its bytes: batches and SendAcks.
 * Everything else is rare, and is left to the generated classes.
 *
 * <p>Belongs to one event loop.
 */
final class V2Scan {
  private static final int RE = 1 << 3;
  private static final int SEND_ACK = 3 << 3 | 2;
  private static final int BATCH = 5 << 3 | 2;
  private static final int BATCH_MESSAGE = 2 << 3 | 2;
  private static final int MESSAGE_SEQ = 1 << 3;
  private static final byte[] JSON_RE = ascii("{\"re\":");
  private static final byte[] JSON_ACK = ascii("\"sendAck\"");
  private static final byte[] JSON_BATCH = ascii("{\"batch\"");
  private static final byte[] JSON_SEQ = ascii("\"seq\":\"");

  /** What is found in a frame. */
  interface Found {
    void acknowledged(int re);

    /** A message whose text is in the scan's stamp, when {@code ours}. */
    void message(long seq, boolean ours, long now);
  }

  private final Stamp stamp;
  private int at;

  V2Scan(Stamp stamp) {
    this.stamp = stamp;
  }

  Stamp stamp() {
    return stamp;
  }

  /** Answers false for a frame that is neither, or that is not protobuf. */
  boolean protobuf(byte[] b, int from, int to, long now, Found found) {
    at = from;
    int re = 0;
    int tag = (int) varint(b, to);
    if (tag == RE) {
      re = (int) varint(b, to);
      tag = (int) varint(b, to);
    }
    if (tag == SEND_ACK) {
      found.acknowledged(re);
      return true;
    }
    if (tag != BATCH) {
      return false;
    }
    int end = (int) varint(b, to) + at;
    while (at < end) {
      tag = (int) varint(b, end);
      if ((tag & 7) == 0) {
        varint(b, end);
        continue;
      }
      int stop = (int) varint(b, end) + at;
      if (tag == BATCH_MESSAGE && varint(b, stop) == MESSAGE_SEQ) {
        long seq = varint(b, stop);
        found.message(seq, stamp.find(b, at, stop), now);
      }
      at = stop;
    }
    return true;
  }

  /** The same of a JSON frame, whose members come in the order of the proto file. */
  boolean json(byte[] b, int from, int to, long now, Found found) {
    if (starts(b, from, to, JSON_RE)) {
      at = from + JSON_RE.length;
      int re = (int) digits(b, to);
      if (!starts(b, at + 1, to, JSON_ACK)) {
        return false;
      }
      found.acknowledged(re);
      return true;
    }
    if (!starts(b, from, to, JSON_BATCH)) {
      return false;
    }
    int next = Stamp.indexOf(JSON_SEQ, b, from, to);
    while (next >= 0) {
      at = next + JSON_SEQ.length;
      long seq = digits(b, to);
      next = Stamp.indexOf(JSON_SEQ, b, at, to);
      found.message(seq, stamp.find(b, at, next < 0 ? to : next), now);
    }
    return true;
  }

  private static boolean starts(byte[] b, int from, int to, byte[] with) {
    return Stamp.indexOf(with, b, from, Math.min(to, from + with.length)) == from;
  }

  private long digits(byte[] b, int to) {
    long value = 0;
    while (at < to && b[at] >= '0' && b[at] <= '9') {
      value = value * 10 + b[at++] - '0';
    }
    return value;
  }

  private long varint(byte[] b, int to) {
    long value = 0;
    int shift = 0;
    while (at < to) {
      byte next = b[at++];
      value |= (long) (next & 127) << shift;
      if (next >= 0) {
        return value;
      }
      shift += 7;
    }
    return value;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
