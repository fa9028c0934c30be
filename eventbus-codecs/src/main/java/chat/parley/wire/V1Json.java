package chat.parley.wire;

import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * The JSON of v1's outgoing frames (op 2 and op 3), written straight into a buffer. The same bytes
 * go to WebSocket and TCP.
 *
 * <p>Not thread-safe: one writer belongs to one event loop (it keeps the last second's date).
 */
public final class V1Json {
  /** Most bytes that the JSON of a TCP frame can have: 32,767 less the header. */
  public static final int MAX_FRAME_BODY = 32_767 - 4;

  public static final int OP_DIRECT = 2;
  public static final int OP_ROOM = 3;
  public static final int OP_ROOM_COUNT = 4;
  public static final int OP_ROOM_MEMBERS = 5;
  public static final int OP_JOIN_TCP = 6;

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** Everything of a frame but its three strings: names of the fields and the longest numbers. */
  private static final int FRAME_OVERHEAD = 256;

  /** One char of a string becomes at most this many bytes of JSON. */
  private static final int LONGEST_ESCAPE = 6;

  private static final char REPLACEMENT = '\uFFFD';

  private final ZoneId zone;
  private long lastSecond = Long.MIN_VALUE;
  private String lastDate;

  /**
   * @param zone of the dates in {@code createTime}
   */
  public V1Json(ZoneId zone) {
    this.zone = zone;
  }

  /** Whether a message's frame fits v1's TCP framing, whatever its seq and id turn out to be. */
  public static boolean fits(String text, String senderName, String recipientName) {
    long chars = (long) text.length() + senderName.length() + recipientName.length();
    if (chars * LONGEST_ESCAPE + FRAME_OVERHEAD <= MAX_FRAME_BODY) {
      return true;
    }
    return escapedLength(text) + escapedLength(senderName) + escapedLength(recipientName)
        <= MAX_FRAME_BODY - FRAME_OVERHEAD;
  }

  /** Appends the frame of a message: op 3 in a room, op 2 between two users. */
  public void writeMessage(ByteBuf out, ChatMessage m) {
    long room = Conversations.roomOf(m.getConversation());
    ascii(out, "{\"code\":0,\"msg\":");
    writeString(out, m.getText());
    ascii(out, ",\"fromUserId\":");
    writeLong(out, m.getSenderId());
    ascii(out, ",\"fromUserName\":");
    writeString(out, m.getSenderName());
    ascii(out, ",\"toUserId\":");
    writeLong(out, m.getRecipientId());
    ascii(out, ",\"toUserName\":");
    writeString(out, m.getRecipientName());
    ascii(out, ",\"roomId\":");
    writeLong(out, room == 0 ? m.getV1RoomId() : room);
    ascii(out, room == 0 ? ",\"op\":2,\"createTime\":\"" : ",\"op\":3,\"createTime\":\"");
    ascii(out, date(m.getAcceptedAt()));
    ascii(out, "\"}");
  }

  /** A date of v1: {@code YYYY-MM-DD HH:MM:SS} in the zone of this writer. */
  public String date(long epochMillis) {
    long second = Math.floorDiv(epochMillis, 1000);
    if (second != lastSecond) {
      lastDate = DATE.format(Instant.ofEpochSecond(second).atZone(zone));
      lastSecond = second;
    }
    return lastDate;
  }

  /** Appends a JSON string with its quotes. An unpaired surrogate becomes a question mark. */
  public static void writeString(ByteBuf out, String s) {
    out.writeByte('"');
    int plain = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\') {
        continue;
      }
      ByteBufUtil.writeUtf8(out, s, plain, i);
      writeEscape(out, c);
      plain = i + 1;
    }
    ByteBufUtil.writeUtf8(out, s, plain, s.length());
    out.writeByte('"');
  }

  private static void writeEscape(ByteBuf out, char c) {
    out.writeByte('\\');
    switch (c) {
      case '"', '\\' -> out.writeByte(c);
      case '\n' -> out.writeByte('n');
      case '\r' -> out.writeByte('r');
      case '\t' -> out.writeByte('t');
      default -> {
        ascii(out, "u00");
        out.writeByte(HEX[c >> 4]);
        out.writeByte(HEX[c & 15]);
      }
    }
  }

  /**
   * A text that came in as JSON, as UTF-8 can carry it: half of a surrogate pair, which JSON can
   * escape, becomes U+FFFD, as it does for gochat. Otherwise the bus would make something else of
   * it than this process.
   */
  public static String carriable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isHalf(text, i)) {
        return withoutHalves(text);
      }
    }
    return text;
  }

  private static String withoutHalves(String text) {
    StringBuilder whole = new StringBuilder(text);
    for (int i = 0; i < whole.length(); i++) {
      if (isHalf(text, i)) {
        whole.setCharAt(i, REPLACEMENT);
      }
    }
    return whole.toString();
  }

  private static boolean isHalf(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  private static int escapedLength(String s) {
    int n = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t') {
        n += 2;
      } else if (c < ' ') {
        n += LONGEST_ESCAPE;
      } else if (c < 0x80) {
        n++;
      } else if (c < 0x800 || Character.isSurrogate(c)) {
        n += 2;
      } else {
        n += 3;
      }
    }
    return n;
  }

  private static void writeLong(ByteBuf out, long n) {
    if (n >= 0 && n < 10) {
      out.writeByte('0' + (int) n);
    } else {
      ascii(out, Long.toString(n));
    }
  }

  private static void ascii(ByteBuf out, String s) {
    ByteBufUtil.writeAscii(out, s);
  }
}
