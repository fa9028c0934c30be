package chat.parley.connect;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.ConnectionAdmitted;
import chat.parley.proto.Identity;
import chat.parley.proto.OpenConnection;
import chat.parley.proto.Standing;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.Limits;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.Welcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A v2 session from its first frame to its Welcome. The user's topic is subscribed before logic is
 * asked where the device stands: what is accepted after the answer is delivered here, what was
 * accepted before is in it.
 *
 * <p>Belongs to one event loop.
 */
final class Opening {
  private static final int PROTOCOL = 2;

  /** Frames that a client may send behind its Hello before it is welcome. */
  private static final int MAX_WAITING = 64;

  private static final int MAX_CAPABILITIES = 64;

  private final V2Session session;
  private final Bucket bucket;
  private final List<Long> rooms = new ArrayList<>(0);
  private ArrayDeque<byte[]> waiting;
  private Identity identity;
  private UserTopic user;
  private String token = "";
  private long number;
  private long newest;
  private boolean underWay;

  Opening(V2Session session) {
    this.session = session;
    this.bucket = session.bucket();
  }

  Identity identity() {
    return identity;
  }

  String token() {
    return token;
  }

  long number() {
    return number;
  }

  /** Whether a Hello is being answered; it ends by the deadlines of what it asks. */
  boolean underWay() {
    return underWay;
  }

  void received(ClientFrame frame) {
    if (frame.hasHello()) {
      begin(frame.getHello(), frame.getRef());
    } else {
      session.close(CloseReason.BAD_FRAME, "the first frame must be hello");
    }
  }

  /**
   * There is a connection of the device's session with this number.
   *
   * @return whether this one is older; false while its own number is not known, and then it closes
   *     when it is
   */
  boolean older(long other) {
    newest = Math.max(newest, other);
    return number != 0 && number < newest;
  }

  /** Gives back what was entered. Idempotent. */
  void end() {
    waiting = null;
    if (user != null) {
      user.leave(session);
      user = null;
    }
  }

  /** A frame's body, for when it is known whose it is: until then it is not even looked into. */
  void later(ByteBuf body) {
    if (waiting == null) {
      waiting = new ArrayDeque<>();
    }
    if (waiting.size() >= MAX_WAITING) {
      session.close(CloseReason.BAD_FRAME, "too many frames before the welcome");
    } else {
      waiting.add(ByteBufUtil.getBytes(body));
    }
  }

  private void begin(Hello hello, int ref) {
    if (hello.getProtocol() != PROTOCOL) {
      session.close(
          CloseReason.UNSUPPORTED_PROTOCOL,
          "protocol %s is not supported, this server speaks %d"
              .formatted(Integer.toUnsignedString(hello.getProtocol()), PROTOCOL));
      return;
    }
    if (hello.getCapabilitiesCount() > MAX_CAPABILITIES) {
      session.close(
          CloseReason.BAD_FRAME, "hello has more than " + MAX_CAPABILITIES + " capabilities");
      return;
    }
    if (!hello.getCursorsList().stream().map(Position::getConversation).allMatch(Opening::named)) {
      session.close(CloseReason.BAD_FRAME, "a cursor of hello names no conversation");
      return;
    }
    underWay = true;
    token = hello.getToken();
    bucket
        .turns()
        .take(session, () -> open(hello))
        .onSuccess(admitted -> welcome(ref))
        .onFailure(this::refused);
  }

  /** Whether it may be the name of one; logic looks closer. */
  private static boolean named(String conversation) {
    return Conversations.isRoom(conversation) || Conversations.isDirect(conversation);
  }

  private Future<?> open(Hello hello) {
    return bucket
        .logic()
        .checkAuth(CheckAuth.newBuilder().setToken(token).build())
        .compose(who -> subscribed(who, hello))
        .compose(subscribed -> bucket.logic().openConnection(request(hello)))
        .compose(this::admitted);
  }

  private Future<Void> subscribed(Identity who, Hello hello) {
    if (who.getDeviceId() == 0) {
      return failed(ErrorCode.FORBIDDEN, "not a device's token: log in at /api/v2/login");
    }
    if (hello.getDeviceId() != 0 && hello.getDeviceId() != who.getDeviceId()) {
      return failed(ErrorCode.FORBIDDEN, "the token belongs to another device");
    }
    if (session.closing()) {
      return gone();
    }
    identity = who;
    user = bucket.enterUser(session);
    return user.live();
  }

  private OpenConnection request(Hello hello) {
    OpenConnection.Builder request =
        OpenConnection.newBuilder()
            .setToken(token)
            .setInstance(hello.getInstance())
            .setAttempt(hello.getAttempt())
            .setSkipBacklog(hello.getBacklog() == Hello.Backlog.NOTHING);
    hello
        .getCursorsList()
        .forEach(cursor -> request.putCursors(cursor.getConversation(), cursor.getSeq()));
    return request.build();
  }

  private Future<?> admitted(ConnectionAdmitted admitted) {
    if (session.closing()) {
      return gone();
    }
    number = admitted.getNumber();
    if (number == 0 || number < newest) {
      session.close(CloseReason.REPLACED);
      return gone();
    }
    List<Future<?>> live = new ArrayList<>();
    for (Standing standing : admitted.getStandingsList()) {
      Line line = standing(standing);
      if (Conversations.isRoom(standing.getConversation())) {
        long roomId = Conversations.roomOf(standing.getConversation());
        rooms.add(roomId);
        RoomTopic room = bucket.enterRoom(line, roomId, standing.getHead());
        line.room(room);
        line.reach(room.last());
        live.add(room.live());
      }
      session.behind(line);
    }
    return Future.all(live);
  }

  private Line standing(Standing standing) {
    Line line = session.lines().get(standing.getConversation());
    if (line == null) {
      line = new Line(session, standing.getConversation(), 0, 0);
      session.lines().put(line);
    }
    line.from(standing.getAfter());
    line.reach(standing.getHead());
    return line;
  }

  private void welcome(int ref) {
    underWay = false;
    if (session.closing()) {
      return;
    }
    V2Settings settings = bucket.v2();
    session.answer(
        ServerFrame.newBuilder()
            .setRe(ref)
            .setWelcome(
                Welcome.newBuilder()
                    .setSession(bucket.name() + "/" + identity.getDeviceId() + "/" + number)
                    .setUserId(identity.getUserId())
                    .setUserName(identity.getUserName())
                    .setDeviceId(identity.getDeviceId())
                    .setHeartbeatIntervalMs((int) settings.heartbeatInterval().toMillis())
                    .setLimits(limits(settings))
                    .setServerTime(System.currentTimeMillis())
                    .addAllRoomIds(rooms)));
    session.welcomed();
    bucket.flush();
    while (waiting != null && !waiting.isEmpty()) {
      session.received(Unpooled.wrappedBuffer(waiting.poll()));
    }
    waiting = null;
  }

  private Limits limits(V2Settings settings) {
    return Limits.newBuilder()
        .setMaxFrameBytes(bucket.settings().maxFrameBytes())
        .setMaxInFlight(settings.maxInFlight())
        .setAcknowledgeWithinMs((int) settings.acknowledgeWithin().toMillis())
        .setAcknowledgeAfterMs((int) settings.acknowledgeAfter().toMillis())
        .setMaxHistoryPage(settings.maxHistoryPage())
        .build();
  }

  private void refused(Throwable failure) {
    underWay = false;
    if (!session.closing()) {
      ChatError error = ChatError.of(failure);
      bucket.report(error);
      session.close(CloseReason.of(error), error.getMessage());
    }
  }

  private static <T> Future<T> failed(ErrorCode code, String text) {
    return Future.failedFuture(new ChatError(code, text));
  }

  /** The client did not wait: nobody is there to be told. */
  private static <T> Future<T> gone() {
    return failed(ErrorCode.SHUTTING_DOWN, "the connection is closed");
  }
}
