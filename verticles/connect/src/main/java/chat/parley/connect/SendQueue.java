package chat.parley.connect;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import io.vertx.core.AsyncResult;
import java.util.ArrayDeque;

/**
 * Messages that one TCP connection sends, accepted one after another: two under way at once could
 * reach two logic instances and change their order. Beyond a bound no more is read from the socket.
 *
 * <p>What was read is sent also when the connection closes: a client may send and leave.
 *
 * <p>Belongs to one event loop.
 */
final class SendQueue {
  private static final int BOUND = 64;

  private final ArrayDeque<InboundFrame> waiting = new ArrayDeque<>();
  private final V1Session session;
  private final TcpCarrier carrier;
  private final Bucket bucket;
  private boolean busy;

  SendQueue(V1Session session, TcpCarrier carrier, Bucket bucket) {
    this.session = session;
    this.carrier = carrier;
    this.bucket = bucket;
  }

  void add(InboundFrame frame) {
    waiting.add(frame);
    if (waiting.size() >= BOUND) {
      carrier.pause(Carrier.Pause.UNSENT);
    }
    next();
  }

  /** Whether a message is not accepted yet. */
  boolean busy() {
    return busy;
  }

  private void next() {
    if (busy || waiting.isEmpty()) {
      return;
    }
    busy = true;
    InboundFrame frame = waiting.poll();
    SendMessage message =
        SendMessage.newBuilder()
            .setToken(frame.token())
            .setRoomId(frame.roomId())
            .setText(frame.text())
            .build();
    bucket.logic().send(message).onComplete(answer -> sent(answer, frame.roomId()));
  }

  private void sent(AsyncResult<SendAck> answer, long roomId) {
    busy = false;
    if (answer.succeeded()) {
      session.known();
    } else {
      refused(ChatError.of(answer.cause()), roomId);
    }
    next();
    if (waiting.size() <= BOUND / 2 && session.listens()) {
      carrier.resume(Carrier.Pause.UNSENT);
    }
  }

  private void refused(ChatError error, long roomId) {
    bucket.report(error);
    if (session.closing()) {
      return; // Nobody is there to be told.
    }
    if (error.code() == ErrorCode.UNAUTHENTICATED) {
      waiting.clear();
      session.close(CloseReason.BAD_TOKEN);
    } else {
      session.refuse(roomId, error);
    }
  }
}
