package chat.parley.e2e.support;

import chat.parley.proto.v2.Acknowledge;
import chat.parley.proto.v2.Batch;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.Message;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.SendAck;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.ServerFrame.BodyCase;
import chat.parley.proto.v2.Synced;
import chat.parley.proto.v2.Welcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The bare v2 wire: frames as the test wants them, and what came in the order in which it came. It
 * acknowledges nothing, drops no repeat and sends no heartbeat unless the test does.
 */
public abstract class V2Client implements AutoCloseable {
  /** The version that this wire is. */
  public static final int PROTOCOL = 2;

  private static final int ABRUPT = 1006;

  /** How a connection ended. TCP has no code: it ends with 0, or 1006 when it was reset. */
  public record Closed(int code, String reason) {}

  private final List<ServerFrame> frames = new ArrayList<>();
  private final int[] counts = new int[BodyCase.values().length];
  private Closed closed;

  /** Sends one frame, well-formed. */
  public abstract void send(ClientFrame frame);

  /** Sends bytes as one binary message, or as they are on TCP. */
  public abstract void sendBytes(byte... bytes);

  /** Ends the connection at once, without a goodbye. */
  public abstract void abort();

  final synchronized void arrived(ServerFrame frame) {
    frames.add(frame);
    counts[frame.getBodyCase().ordinal()]++;
  }

  final synchronized void ended(int code, String reason) {
    if (closed == null) {
      closed = new Closed(code, reason);
    }
  }

  final void broken(Throwable why) {
    ended(ABRUPT, String.valueOf(why));
  }

  /** A Hello with nothing but what it must have. */
  public static Hello.Builder hello(String token) {
    return Hello.newBuilder().setProtocol(PROTOCOL).setToken(token).setClient("e2e/1");
  }

  public final void say(Hello.Builder hello) {
    send(ClientFrame.newBuilder().setHello(hello).build());
  }

  /** Says hello, waits until all that there was has come. */
  public final Welcome open(String token) {
    say(hello(token));
    Welcome welcome = awaitFrame(BodyCase.WELCOME).getWelcome();
    awaitSynced();
    return welcome;
  }

  public final Synced awaitSynced() {
    return awaitFrame(BodyCase.SYNCED).getSynced();
  }

  public final void send(int ref, Send.Builder message) {
    Secrets.remember(message.getText());
    send(ClientFrame.newBuilder().setRef(ref).setSend(message).build());
  }

  /** Sends and waits for the ack; fails when an error comes instead. */
  public final SendAck sendAndAwait(int ref, Send.Builder message) {
    send(ref, message);
    ServerFrame answer = awaitAnswer(ref);
    if (!answer.hasSendAck()) {
      throw new AssertionError("no ack but " + answer);
    }
    return answer.getSendAck();
  }

  public final void acknowledge(String conversation, long seq) {
    send(
        ClientFrame.newBuilder()
            .setAcknowledge(
                Acknowledge.newBuilder()
                    .addPositions(Position.newBuilder().setConversation(conversation).setSeq(seq)))
            .build());
  }

  /** Every frame that came, oldest first. */
  public final synchronized List<ServerFrame> frames() {
    return List.copyOf(frames);
  }

  public final List<ServerFrame> frames(BodyCase body) {
    return frames().stream().filter(frame -> frame.getBodyCase() == body).toList();
  }

  /** How many frames of a kind came; for long ones of which no list is to be made at each look. */
  public final synchronized int count(BodyCase body) {
    return counts[body.ordinal()];
  }

  /** Messages of a conversation as they came, repeats too. */
  public final List<Message> messages(String conversation) {
    return frames(BodyCase.BATCH).stream()
        .map(ServerFrame::getBatch)
        .filter(batch -> batch.getConversation().equals(conversation))
        .map(Batch::getMessagesList)
        .flatMap(List::stream)
        .toList();
  }

  public final List<Long> seqs(String conversation) {
    return messages(conversation).stream().map(Message::getSeq).toList();
  }

  public final List<String> texts(String conversation) {
    return messages(conversation).stream().map(Message::getText).toList();
  }

  public final ServerFrame awaitFrame(BodyCase body) {
    return awaitFrame(body, any -> true);
  }

  public final ServerFrame awaitFrame(BodyCase body, Predicate<ServerFrame> wanted) {
    return Eventually.find(
        "a frame with " + body,
        Eventually.SOON,
        () -> {
          Optional<ServerFrame> found = frames(body).stream().filter(wanted).findFirst();
          if (found.isEmpty() && closed().isPresent()) {
            throw new IllegalStateException("closed: " + closed().get() + " after " + goodbyes());
          }
          return found;
        });
  }

  /** The one answer to a request. */
  public final ServerFrame awaitAnswer(int ref) {
    return Eventually.find(
        "an answer to " + ref,
        Eventually.SOON,
        () -> frames().stream().filter(frame -> frame.getRe() == ref).findFirst());
  }

  public final Error awaitError(int ref) {
    ServerFrame answer = awaitAnswer(ref);
    if (!answer.hasError()) {
      throw new AssertionError("no error but " + answer);
    }
    return answer.getError();
  }

  private List<Goodbye> goodbyes() {
    return frames(BodyCase.GOODBYE).stream().map(ServerFrame::getGoodbye).toList();
  }

  /** The server's last frame; nothing follows it but the end of the connection. */
  public final Goodbye awaitGoodbye(Duration deadline) {
    awaitClose(deadline);
    List<ServerFrame> all = frames();
    if (all.isEmpty() || !all.get(all.size() - 1).hasGoodbye()) {
      throw new AssertionError("the last frame is no goodbye, closed with " + closed());
    }
    return all.get(all.size() - 1).getGoodbye();
  }

  public final Goodbye awaitGoodbye() {
    return awaitGoodbye(Eventually.SOON);
  }

  public final Closed awaitClose(Duration deadline) {
    return Eventually.find("the connection to be closed", deadline, this::closed);
  }

  public final boolean isOpen() {
    return closed().isEmpty();
  }

  public final synchronized Optional<Closed> closed() {
    return Optional.ofNullable(closed);
  }

  @Override
  public void close() {
    abort();
  }
}
