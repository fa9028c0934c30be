package chat.parley.connect;

import chat.parley.proto.v2.Acknowledge;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.Resume;
import java.util.HashMap;
import java.util.Map;

/**
 * The conversations of a v2 session: where it stands in each of them.
 *
 * <p>Belongs to one event loop.
 */
final class Lines {
  /** Heads in one heartbeat; the others ride on a later one, when these are acknowledged. */
  private static final int MAX_HEADS = 1_000;

  private final V2Session session;
  private final Map<String, Line> lines = new HashMap<>(2);

  Lines(V2Session session) {
    this.session = session;
  }

  /** The session's place in a conversation; null when it has none. */
  Line get(String conversation) {
    return lines.get(conversation);
  }

  void put(Line line) {
    lines.put(line.conversation(), line);
  }

  /** Leaves a conversation. */
  void remove(Line line) {
    leaveRoom(line);
    lines.remove(line.conversation(), line);
  }

  /** Gives up the seats in all rooms; where the session stood stays known. */
  void leaveRooms() {
    lines.values().forEach(Lines::leaveRoom);
  }

  /**
   * The line of a direct conversation, from its beginning when nothing is known of it: it is new,
   * or the session is being opened, and then where it stands is about to be known.
   */
  Line direct(String conversation) {
    return lines.computeIfAbsent(conversation, name -> new Line(session, name, 0, 0));
  }

  /** The device is given from now on what comes. */
  void open() {
    lines.values().forEach(Line::open);
  }

  void acknowledge(Acknowledge frame) {
    for (Position position : frame.getPositionsList()) {
      Line line = lines.get(position.getConversation());
      if (line != null && line.acknowledge(position.getSeq())) {
        session.bucket().cursors().add(line);
      }
    }
  }

  void resume(Resume frame) {
    Line line = lines.get(frame.getConversation());
    if (line != null) {
      line.again(Math.max(0, frame.getAfter()));
      session.behind(line);
    }
  }

  /**
   * Looks for what was not acknowledged in time, and has it sent again.
   *
   * @return how many times in a row that was so of the worst conversation
   */
  int look() {
    int worst = 0;
    for (Line line : lines.values().toArray(Line[]::new)) {
      int late = line.look();
      if (late > 0) {
        worst = Math.max(worst, late);
        ConnectMetrics.resent();
        session.behind(line);
      }
    }
    return worst;
  }

  /** A heartbeat, with the heads of what the device has not acknowledged. */
  Heartbeat heartbeat() {
    Heartbeat.Builder beat = Heartbeat.newBuilder();
    for (Line line : lines.values()) {
      if (line.head() > line.acknowledged() && beat.getHeadsCount() < MAX_HEADS) {
        beat.addHeads(
            Position.newBuilder().setConversation(line.conversation()).setSeq(line.head()));
      }
    }
    return beat.build();
  }

  private static void leaveRoom(Line line) {
    if (line.room() != null) {
      line.room().leave(line);
      line.room(null);
    }
  }
}
