package chat.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What WebSocket and TCP clients have in common: frames in the order in which they came. */
public abstract class V1Client implements AutoCloseable {
  public static final int DIRECT = 2;
  public static final int ROOM = 3;
  public static final int COUNT = 4;
  public static final int MEMBERS = 5;

  /** How a connection ended; TCP has neither code nor reason. */
  public record Closed(int code, String reason) {}

  private final List<String> raw = new ArrayList<>();
  private Closed closed;

  /** Sends the frame that joins a room. */
  public abstract void join(String token, long room);

  /** Ends the connection at once, without a goodbye. */
  public abstract void abort();

  final synchronized void arrived(String frame) {
    raw.add(frame);
    notifyAll();
  }

  final synchronized void ended(int code, String reason) {
    if (closed == null) {
      closed = new Closed(code, reason);
    }
    notifyAll();
  }

  /** Every frame as it came, empty ones and heartbeats too. */
  public final synchronized List<String> raw() {
    return List.copyOf(raw);
  }

  /** Every frame that came since the last call, which are not kept any more. */
  public final synchronized List<String> drain() {
    List<String> frames = List.copyOf(raw);
    raw.clear();
    return frames;
  }

  /** Frames of one op code. */
  public final List<JsonNode> frames(int op) {
    return raw().stream()
        .filter(Json::isJson)
        .map(Json::parse)
        .filter(frame -> frame.path("op").asInt() == op)
        .toList();
  }

  /** Texts of the room's messages. */
  public final List<String> texts() {
    return frames(ROOM).stream().map(frame -> frame.path("msg").asText()).toList();
  }

  public final boolean isOpen() {
    return closed().isEmpty();
  }

  public final synchronized Optional<Closed> closed() {
    return Optional.ofNullable(closed);
  }

  public final JsonNode awaitFrame(int op, Predicate<JsonNode> wanted) {
    return Eventually.find(
        "a frame of op " + op,
        Eventually.SOON,
        () -> frames(op).stream().filter(wanted).findFirst());
  }

  public final JsonNode awaitFrame(int op) {
    return awaitFrame(op, any -> true);
  }

  public final JsonNode awaitText(String text) {
    return awaitFrame(ROOM, frame -> frame.path("msg").asText().equals(text));
  }

  public final Closed awaitClose(Duration deadline) {
    return Eventually.find("the connection to be closed", deadline, this::closed);
  }

  public final Closed awaitClose() {
    return awaitClose(Eventually.SOON);
  }

  @Override
  public void close() {
    abort();
  }
}
