package chat.parley.bench;

import java.nio.charset.StandardCharsets;

/** A v1 client in a room. It is in when the room's members were told so. */
final class V1Connection extends Connection {
  private static final byte[] MEMBERS = "\"op\":5".getBytes(StandardCharsets.US_ASCII);

  private final String token;
  private final long room;
  private final Tally tally;
  private final Stamp stamp;

  /**
   * @param tally what the member should get
   */
  V1Connection(
      Wire wire, Scratch scratch, Owner owner, String token, long room, Tally tally, Stamp stamp) {
    super(wire, scratch, owner);
    this.token = token;
    this.room = room;
    this.tally = tally;
    this.stamp = stamp;
  }

  @Override
  void opened() {
    String op = wire().webSocket() ? "" : "\"op\":6,";
    write(utf8("{%s\"authToken\":\"%s\",\"roomId\":%d}".formatted(op, token, room)));
  }

  /** Posts to the room, by TCP. No answer comes. */
  void post(String text) {
    write(
        utf8(
            "{\"op\":3,\"authToken\":\"%s\",\"roomId\":%d,\"msg\":\"%s\"}"
                .formatted(token, room, text)));
  }

  @Override
  void frame(byte[] bytes, int from, int to, long now) {
    if (stamp.find(bytes, from, to)) {
      tally.arrived(stamp, now);
      becomeReady(); // Who is not in the room gets nothing of it.
    } else if (!isReady() && Stamp.indexOf(MEMBERS, bytes, from, to) >= 0) {
      becomeReady();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
