package chat.parley.e2e.v2;

import chat.parley.chaos.Conversations;
import chat.parley.e2e.support.V2Client;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Join;
import chat.parley.proto.v2.Joined;
import chat.parley.proto.v2.Leave;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.ServerFrame;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests of bare clients that many tests have in common. */
final class Rooms {
  private static final AtomicInteger REFS = new AtomicInteger(1_000_000);

  private Rooms() {}

  static String conversation(long room) {
    return Conversations.room(room);
  }

  static String direct(long one, long other) {
    return Conversations.direct(one, other);
  }

  static Joined join(V2Client client, long room) {
    return join(client, Join.newBuilder().setRoomId(room));
  }

  /** Joins so that what follows a seq comes. */
  static Joined join(V2Client client, long room, long after) {
    return join(client, Join.newBuilder().setRoomId(room).setAfter(after));
  }

  private static Joined join(V2Client client, Join.Builder join) {
    int ref = REFS.incrementAndGet();
    client.send(ClientFrame.newBuilder().setRef(ref).setJoin(join).build());
    ServerFrame answer = client.awaitAnswer(ref);
    if (!answer.hasJoined()) {
      throw new AssertionError("not joined but " + answer);
    }
    return answer.getJoined();
  }

  static void leave(V2Client client, long room) {
    int ref = REFS.incrementAndGet();
    client.send(
        ClientFrame.newBuilder().setRef(ref).setLeave(Leave.newBuilder().setRoomId(room)).build());
    ServerFrame answer = client.awaitAnswer(ref);
    if (!answer.hasLeft()) {
      throw new AssertionError("not left but " + answer);
    }
  }

  /** A message with an id of its own. */
  static Send.Builder message(long room, String text) {
    return Send.newBuilder()
        .setRoomId(room)
        .setText(text)
        .setClientMessageId(UUID.randomUUID().toString());
  }

  static Send.Builder messageTo(long user, String text) {
    return Send.newBuilder()
        .setToUserId(user)
        .setText(text)
        .setClientMessageId(UUID.randomUUID().toString());
  }
}
