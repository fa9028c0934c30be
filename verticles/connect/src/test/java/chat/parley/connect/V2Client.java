package chat.parley.connect;

import chat.parley.proto.v2.Acknowledge;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.Join;
import chat.parley.proto.v2.Message;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.Resume;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.ServerFrame;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A v2 client that does what it is told and nothing else, and keeps every frame that it gets. */
abstract class V2Client implements AutoCloseable {
  enum Kind {
    PROTOBUF,
    JSON,
    TCP
  }

  private final List<ServerFrame> frames = new CopyOnWriteArrayList<>();

  /** Sends one frame. */
  abstract V2Client send(ClientFrame frame);

  /** Whether the connection is closed. */
  abstract boolean closed();

  /** Of the WebSocket's close frame; 0 on TCP, which has none. */
  abstract int closeCode();

  final void got(ServerFrame frame) {
    frames.add(frame);
  }

  final List<ServerFrame> frames() {
    return List.copyOf(frames);
  }

  final V2Client hello(String token, Position... cursors) {
    return hello(Hello.newBuilder().setToken(token).addAllCursors(List.of(cursors)));
  }

  final V2Client hello(Hello.Builder hello) {
    return send(ClientFrame.newBuilder().setRef(1).setHello(hello.setProtocol(2)).build());
  }

  final V2Client say(long room, String id, String text) {
    return send(
        Send.newBuilder().setRoomId(room).setClientMessageId(id).setText(text).setResend(false));
  }

  final V2Client sayAgain(long room, String id, String text) {
    return send(
        Send.newBuilder().setRoomId(room).setClientMessageId(id).setText(text).setResend(true));
  }

  final V2Client send(Send.Builder send) {
    return send(ClientFrame.newBuilder().setRef(frames.size() + 2).setSend(send).build());
  }

  final V2Client acknowledge(String conversation, long seq) {
    return send(
        ClientFrame.newBuilder()
            .setAcknowledge(Acknowledge.newBuilder().addPositions(position(conversation, seq)))
            .build());
  }

  final V2Client resume(String conversation, long after) {
    return send(
        ClientFrame.newBuilder()
            .setResume(Resume.newBuilder().setConversation(conversation).setAfter(after))
            .build());
  }

  final V2Client join(int ref, Join.Builder join) {
    return send(ClientFrame.newBuilder().setRef(ref).setJoin(join).build());
  }

  static Position position(String conversation, long seq) {
    return Position.newBuilder().setConversation(conversation).setSeq(seq).build();
  }

  /** Frames of a kind, in their order. */
  final List<ServerFrame> of(ServerFrame.BodyCase kind) {
    return frames.stream().filter(frame -> frame.getBodyCase() == kind).toList();
  }

  /** Waits for the first frame of a kind. */
  final ServerFrame await(ServerFrame.BodyCase kind) {
    return await(kind, 1).get(0);
  }

  /** Waits until there are so many of a kind. */
  final List<ServerFrame> await(ServerFrame.BodyCase kind, int count) {
    Await.until(
        count + " times " + kind + " came; not among " + of(kind).size() + " frames of the kind",
        () -> of(kind).size() >= count);
    return of(kind);
  }

  /** The answer to a request. */
  final ServerFrame answer(int ref) {
    Await.until("there is an answer to " + ref, () -> answerOrNull(ref) != null);
    return answerOrNull(ref);
  }

  private ServerFrame answerOrNull(int ref) {
    return frames.stream().filter(frame -> frame.getRe() == ref).findFirst().orElse(null);
  }

  /** Waits for the end, which a Goodbye has come before. */
  final Goodbye goodbye() {
    Await.until("the connection is closed", this::closed);
    ServerFrame last = frames.get(frames.size() - 1);
    if (!last.hasGoodbye()) {
      throw new AssertionError("closed without a goodbye, after " + last);
    }
    return last.getGoodbye();
  }

  /** Everything that came of a conversation, repeats included. */
  final List<Message> messages(String conversation) {
    return frames.stream()
        .filter(frame -> frame.getBatch().getConversation().equals(conversation))
        .flatMap(frame -> frame.getBatch().getMessagesList().stream())
        .toList();
  }

  final List<Long> seqs(String conversation) {
    return messages(conversation).stream().map(Message::getSeq).toList();
  }

  final List<String> texts(String conversation) {
    return messages(conversation).stream().map(Message::getText).toList();
  }

  /** Waits until the message of this seq is there. */
  final void awaitSeq(String conversation, long seq) {
    Await.until(conversation + " is there up to " + seq, () -> seqs(conversation).contains(seq));
  }
}
