package chat.parley.connect;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.ConnectionOpened;
import chat.parley.proto.Identity;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.Synced;
import chat.parley.wire.MalformedFrameException;
import chat.parley.wire.V2Json;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One device on one socket: where it stands in each of its conversations, what it sends, and its
 * deadlines. See docs/protocol-v2.md.
 *
 * <p>Belongs to one event loop.
 */
final class V2Session extends Session {
  /** So many looks in a row at which nothing was acknowledged end the connection. */
  private static final int MAX_RESENDS = 3;

  private static final long LOOK_AGAIN_MS = 500;

  /** What is not known is dropped at once: few bytes of it would take much memory. */
  private static final Parser<ClientFrame> FRAMES =
      DiscardUnknownFieldsParser.wrap(ClientFrame.parser());

  private final V2Settings settings;
  private final Opening opening;
  private final Lines lines = new Lines(this);
  private Sends sends;
  private V2Requests requests;
  private Puller puller;
  private long nextHeartbeat;
  private long nextLook;
  private boolean open;
  private boolean synced;

  V2Session(Carrier carrier, Bucket bucket) {
    super(carrier, bucket);
    this.settings = bucket.v2();
    this.opening = new Opening(this);
  }

  @Override
  Identity identity() {
    return opening.identity();
  }

  /** The token of the session, for requests in its name. */
  String token() {
    return opening.token();
  }

  /** Number of the connection among those of its session; 0 before it is known. */
  long number() {
    return opening.number();
  }

  // What the client sends

  /** One frame's body; the buffer stays the caller's. */
  void received(ByteBuf body) {
    if (opening.underWay()) {
      opening.later(body);
      return;
    }
    if (format().json() && !ByteBufUtil.isText(body, StandardCharsets.UTF_8)) {
      close(CloseReason.BAD_FRAME, "a text frame must be UTF-8");
      return;
    }
    try {
      received(
          format().json()
              ? V2Json.parse(body.toString(StandardCharsets.UTF_8))
              : FRAMES.parseFrom(new ByteBufInputStream(body)));
    } catch (InvalidProtocolBufferException e) {
      close(CloseReason.BAD_FRAME, "not a ClientFrame of parley.v2");
    } catch (MalformedFrameException e) {
      close(CloseReason.BAD_FRAME, e.getMessage());
    }
  }

  private void received(ClientFrame frame) {
    if (open) {
      handle(frame);
    } else {
      opening.received(frame);
    }
    if (out().room() < 0 && !closing()) {
      // Who asks and does not read the answers is not read either.
      carrier().pause(Carrier.Pause.UNREAD_ANSWERS);
    }
  }

  /** A frame after the Welcome. One that is not known here is ignored. */
  void handle(ClientFrame frame) {
    switch (frame.getBodyCase()) {
      case SEND -> sends().add(frame.getRef(), frame.getSend());
      case ACKNOWLEDGE -> lines.acknowledge(frame.getAcknowledge());
      case RESUME -> lines.resume(frame.getResume());
      case JOIN -> requests().join(frame.getRef(), frame.getJoin());
      case LEAVE -> requests().leave(frame.getRef(), frame.getLeave());
      case READ_HISTORY -> requests().history(frame.getRef(), frame.getReadHistory());
      case READ_MEMBERS -> requests().members(frame.getRef(), frame.getReadMembers());
      case FIND_USER -> requests().find(frame.getRef(), frame.getFindUser());
      case GOODBYE -> close(CloseReason.BYE);
      case HELLO -> close(CloseReason.BAD_FRAME, "hello was said already");
      case HEARTBEAT, BODY_NOT_SET -> {}
    }
  }

  private Sends sends() {
    if (sends == null) {
      sends = new Sends(this, settings.maxInFlight());
    }
    return sends;
  }

  private V2Requests requests() {
    if (requests == null) {
      requests = new V2Requests(this);
    }
    return requests;
  }

  // What the client gets

  Lines lines() {
    return lines;
  }

  /** Frames of a direct conversation, in the session's format. */
  void direct(String conversation, ByteBuf frames, long before, long last) {
    lines.direct(conversation).push(frames, before, last);
  }

  /** A direct conversation has messages up to this one. */
  void reach(String conversation, long head) {
    Line line = lines.direct(conversation);
    line.reach(head);
    behind(line);
  }

  /** Whether Welcome was said. */
  boolean open() {
    return open;
  }

  /** There was no room for what was pushed: the session has to pull. */
  void full() {
    if (puller == null) {
      ConnectMetrics.slow();
    }
  }

  /** The line is to be pulled until it is level, unless it is. */
  void behind(Line line) {
    if (line.level() || closing()) {
      return;
    }
    if (puller == null) {
      puller = new Puller(this);
      if (open) {
        bucket().catchingUp(puller);
      }
    }
    puller.add(line);
    if (open) {
      puller.run();
    }
  }

  /** Everything that is known to exist has been sent. */
  void level() {
    puller.end();
    bucket().caughtUp(puller);
    puller = null;
    if (!synced) {
      synced = true;
      answer(ServerFrame.newBuilder().setSynced(Synced.getDefaultInstance()));
      bucket().flush();
    }
  }

  /** Welcome was said: from now on the client gets what it is behind with, and what is new. */
  void welcomed() {
    open = true;
    lines.open();
    carrier().known();
    long now = bucket().now();
    nextHeartbeat = now + settings.heartbeatInterval().toMillis();
    nextLook = now + settings.acknowledgeWithin().toMillis();
    // Until now the session was to be looked at when the time for its Hello is over.
    bucket().wheel().schedule(this, Math.min(nextHeartbeat, nextLook) - now);
    bucket().devices().add(this);
    if (puller == null) {
      puller = new Puller(this);
    }
    bucket().catchingUp(puller);
    puller.run();
  }

  /** Queues a frame for this session alone; flushed at the end of the turn by the caller. */
  void answer(ServerFrame.Builder frame) {
    queue(V2Frames.encode(format(), frame.build()));
  }

  void queue(ByteBuf frame) {
    if (closing()) {
      frame.release();
    } else {
      out().add(frame);
    }
  }

  /** Answers that a request failed. */
  void refuse(int ref, String clientMessageId, ChatError error) {
    bucket().report(error);
    if (error.code() == ErrorCode.UNAUTHENTICATED) {
      close(CloseReason.BAD_TOKEN);
      return;
    }
    answer(
        ServerFrame.newBuilder()
            .setRe(ref)
            .setError(
                Error.newBuilder()
                    .setCodeValue(error.code().number())
                    .setMessage(error.getMessage())
                    .setRetryable(error.retryable())
                    .setRetryAfterMs(1_000 * error.retryAfterSeconds())
                    .setClientMessageId(clientMessageId)));
  }

  // Deadlines and the end

  @Override
  void drained() {
    carrier().resume(Carrier.Pause.UNREAD_ANSWERS);
    if (puller != null && open) {
      puller.run();
    }
  }

  @Override
  long next(long now) {
    if (!open) {
      long left = openedAt() + bucket().settings().joinDeadline().toMillis() - now;
      if (left > 0 || opening.underWay()) {
        return Math.max(left, LOOK_AGAIN_MS); // An opening under way ends by its own deadline.
      }
      close(CloseReason.NOT_JOINED, "no hello in time");
      return 0;
    }
    long silence = heard() + settings.silenceMs() - now;
    if (silence <= 0) {
      close(CloseReason.SILENT, "nothing was heard in time");
      return 0;
    }
    if (now >= nextLook && !look(now)) {
      return 0;
    }
    if (now >= nextHeartbeat) {
      nextHeartbeat = now + settings.heartbeatInterval().toMillis();
      heartbeat();
    }
    return Math.max(1, Math.min(silence, Math.min(nextLook, nextHeartbeat) - now));
  }

  /** What waits in our own queue is no fault of a client that does not acknowledge it. */
  private boolean look(long now) {
    nextLook = now + settings.acknowledgeWithin().toMillis();
    if (!out().drained()) {
      return true;
    }
    int worst = lines.look();
    if (worst >= MAX_RESENDS) {
      close(CloseReason.NOT_ACKNOWLEDGED);
    }
    return worst < MAX_RESENDS;
  }

  private void heartbeat() {
    if (out().drained()) { // Else it has enough to read.
      answer(ServerFrame.newBuilder().setHeartbeat(lines.heartbeat()));
      bucket().flush();
    }
  }

  @Override
  boolean busy() {
    return sends != null && sends.busy() || requests != null && requests.busy();
  }

  /** Another connection of this device's session was opened. */
  void newer(ConnectionOpened other) {
    if (identity().getSessionId().equals(other.getSessionId())
        && opening.older(other.getNumber())) {
      close(CloseReason.REPLACED);
    }
  }

  @Override
  void leave() {
    bucket().devices().remove(this);
    opening.end();
    lines.leaveRooms();
    if (puller != null) {
      bucket().caughtUp(puller);
      puller.end();
    }
  }

  @Override
  void sayGoodbye(CloseReason reason, String text) {
    long absence = reason == CloseReason.RESTART ? bucket().absenceMs() : 0;
    ServerFrame goodbye =
        ServerFrame.newBuilder()
            .setGoodbye(
                Goodbye.newBuilder()
                    .setCode(reason.goodbye())
                    .setReason(text)
                    .setReconnect(reason.retryable())
                    .setRetryAfterMs(
                        absence == 0 ? 0 : (int) ThreadLocalRandom.current().nextLong(absence)))
            .build();
    out().add(V2Frames.encode(format(), goodbye));
    bucket().flush();
    carrier().close(reason.v2Code(), CloseReason.ascii(text));
  }
}
