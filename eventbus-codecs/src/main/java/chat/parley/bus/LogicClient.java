package chat.parley.bus;

import chat.parley.proto.AskAgain;
import chat.parley.proto.AskRoom;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.CheckConnections;
import chat.parley.proto.ConnectionAdmitted;
import chat.parley.proto.ConnectionsChecked;
import chat.parley.proto.ConversationList;
import chat.parley.proto.CursorsSaved;
import chat.parley.proto.Device;
import chat.parley.proto.DeviceRevoked;
import chat.parley.proto.Devices;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.FetchedMessages;
import chat.parley.proto.FindUser;
import chat.parley.proto.Heads;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.LeaveRoom;
import chat.parley.proto.ListConversations;
import chat.parley.proto.ListDevices;
import chat.parley.proto.LoggedOut;
import chat.parley.proto.Login;
import chat.parley.proto.Logout;
import chat.parley.proto.MessagesSent;
import chat.parley.proto.OpenConnection;
import chat.parley.proto.ReadHeads;
import chat.parley.proto.ReadHistory;
import chat.parley.proto.ReadMembers;
import chat.parley.proto.ReadUserHeads;
import chat.parley.proto.Register;
import chat.parley.proto.RenameDevice;
import chat.parley.proto.RevokeDevice;
import chat.parley.proto.RoomAsked;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.RoomMembers;
import chat.parley.proto.SaveCursors;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SendMessages;
import chat.parley.proto.SessionOpened;
import chat.parley.proto.UserFound;
import chat.parley.proto.UserHeads;
import com.google.protobuf.Message;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How api and connect ask logic. Every request ends within the deadline, with an answer or with a
 * {@link ChatError}; not more than a bound of them is in flight. What is over the bound waits its
 * turn, in the order in which it came: to refuse it costs half of what it costs to do it, and makes
 * room for the next one that comes in vain. Who has waited for a part of the deadline, or finds ten
 * times the bound waiting, is refused as {@link ErrorCode#OVERLOADED}; nothing was taken.
 *
 * <p>A refusal that took nothing (nobody there, a draining node) is tried again at another node
 * until the deadline. A request whose outcome is unknown is never repeated here: that is the
 * sender's right, with its client message id. Each request says how long its answer is waited for,
 * and logic begins nothing after that ({@link Asked}).
 *
 * <p>Belongs to one verticle instance and is used on its event loop only.
 */
public final class LogicClient {
  private static final long FIRST_PAUSE_MS = 20;
  private static final long LONGEST_PAUSE_MS = 250;

  /**
   * Times the bound on what is in flight: by default as many as there are connections, so that only
   * who has waited in vain is refused. Who is refused at once is back at once.
   */
  private static final int MOST_WAITING = 10;

  /** The rest is for the answer. */
  private static final double PATIENCE = 0.4;

  private final Vertx vertx;
  private final long deadlineMs;
  private final long patienceMs;
  private final int maxInFlight;
  private final Counter refusals;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int inFlight;
  private boolean handingOut;
  private boolean watching;

  private record Waiting(Runnable turn, Promise<?> answer, long until) {}

  /**
   * @param deadline time within which every request ends
   * @param maxInFlight most requests that wait for an answer at one moment
   * @param bound name of the setting that says so, for the count of what was refused
   */
  public LogicClient(Vertx vertx, Duration deadline, int maxInFlight, String bound) {
    this.vertx = vertx;
    this.deadlineMs = deadline.toMillis();
    this.patienceMs = Math.max(1, (long) (deadlineMs * PATIENCE));
    this.maxInFlight = maxInFlight;
    this.refusals = Bounds.refusals(bound);
  }

  public Future<SessionOpened> register(Register request) {
    return ask(Addresses.REGISTER, request);
  }

  public Future<SessionOpened> login(Login request) {
    return ask(Addresses.LOGIN, request);
  }

  public Future<LoggedOut> logout(Logout request) {
    return ask(Addresses.LOGOUT, request);
  }

  public Future<Identity> checkAuth(CheckAuth request) {
    return ask(Addresses.CHECK_AUTH, request);
  }

  public Future<RoomJoined> joinRoom(JoinRoom request) {
    return ask(Addresses.JOIN_ROOM, request);
  }

  public Future<SendAck> send(SendMessage request) {
    return ask(Addresses.SEND, request);
  }

  public Future<HistoryPage> history(ReadHistory request) {
    return ask(Addresses.HISTORY, request);
  }

  public Future<FetchedMessages> fetch(FetchMessages request) {
    return ask(Addresses.FETCH, request);
  }

  public Future<Heads> heads(ReadHeads request) {
    return ask(Addresses.HEADS, request);
  }

  public Future<RoomAsked> askRoom(AskRoom request) {
    return ask(Addresses.ASK_ROOM, request);
  }

  public Future<RoomLeft> leaveRoom(LeaveRoom request) {
    return ask(Addresses.LEAVE_ROOM, request);
  }

  public Future<MessagesSent> sendMany(SendMessages request) {
    return ask(Addresses.SEND_MANY, request);
  }

  public Future<RoomMembers> members(ReadMembers request) {
    return ask(Addresses.MEMBERS, request);
  }

  public Future<UserFound> findUser(FindUser request) {
    return ask(Addresses.FIND_USER, request);
  }

  public Future<ConnectionAdmitted> openConnection(OpenConnection request) {
    return ask(Addresses.OPEN_CONNECTION, request);
  }

  public Future<ConnectionsChecked> checkConnections(CheckConnections request) {
    return ask(Addresses.CHECK_CONNECTIONS, request);
  }

  public Future<CursorsSaved> saveCursors(SaveCursors request) {
    return ask(Addresses.SAVE_CURSORS, request);
  }

  public Future<UserHeads> userHeads(ReadUserHeads request) {
    return ask(Addresses.USER_HEADS, request);
  }

  public Future<ConversationList> conversations(ListConversations request) {
    return ask(Addresses.CONVERSATIONS, request);
  }

  public Future<Devices> devices(ListDevices request) {
    return ask(Addresses.LIST_DEVICES, request);
  }

  public Future<Device> renameDevice(RenameDevice request) {
    return ask(Addresses.RENAME_DEVICE, request);
  }

  public Future<DeviceRevoked> revokeDevice(RevokeDevice request) {
    return ask(Addresses.REVOKE_DEVICE, request);
  }

  /** Requests that wait for an answer now. */
  public int inFlight() {
    return inFlight;
  }

  private <T> Future<T> ask(String address, Message request) {
    Promise<T> answer = Promise.promise();
    long now = now();
    long end = now + deadlineMs;
    if (inFlight < maxInFlight) {
      begin(address, request, end, answer);
    } else if (waiting.size() < MOST_WAITING * maxInFlight) {
      waiting.add(
          new Waiting(() -> begin(address, request, end, answer), answer, now + patienceMs));
      watch();
    } else {
      refuse(answer);
    }
    return answer.future();
  }

  private <T> void begin(String address, Message request, long end, Promise<T> answer) {
    inFlight++;
    answer
        .future()
        .onComplete(
            done -> {
              inFlight--;
              next();
            });
    attempt(address, request, end, FIRST_PAUSE_MS, answer);
  }

  /** A loop and no recursion: all of a long queue may end at once. */
  private void next() {
    if (handingOut || waiting.isEmpty()) {
      return;
    }
    handingOut = true;
    refuseLate(now());
    while (inFlight < maxInFlight && !waiting.isEmpty()) {
      waiting.poll().turn.run();
    }
    handingOut = false;
  }

  /** When no answer comes, nobody else ends the waiting. */
  private void watch() {
    if (!watching) {
      watching = true;
      vertx.setTimer(
          Math.max(1, waiting.peek().until - now()),
          timer -> {
            watching = false;
            refuseLate(now());
            if (!waiting.isEmpty()) {
              watch();
            }
          });
    }
  }

  private void refuseLate(long now) {
    while (!waiting.isEmpty() && waiting.peek().until <= now) {
      refuse(waiting.poll().answer);
    }
  }

  private void refuse(Promise<?> answer) {
    refusals.increment();
    answer.fail(
        new ChatError(ErrorCode.OVERLOADED, "too many requests under way, please try again"));
  }

  private <T> void attempt(
      String address, Message request, long end, long pauseMs, Promise<T> answer) {
    long left = Math.max(1, end - now());
    vertx
        .eventBus()
        .<Object>request(address, Asked.now(request, left), within(left))
        .compose(reply -> stillWaiting(reply, request, end))
        .onComplete(
            reply -> {
              if (reply.succeeded()) {
                answer.complete(LogicClient.<T>body(reply.result()));
                return;
              }
              ChatError error = ChatError.of(reply.cause());
              if (tookNothing(error) && now() + pauseMs < end) {
                vertx.setTimer(
                    pauseMs,
                    timer ->
                        attempt(
                            address,
                            request,
                            end,
                            Math.min(2 * pauseMs, LONGEST_PAUSE_MS),
                            answer));
              } else {
                answer.fail(error);
              }
            });
  }

  /** A node that cannot tell how old a request is wants to hear it again, and took nothing yet. */
  private Future<io.vertx.core.eventbus.Message<Object>> stillWaiting(
      io.vertx.core.eventbus.Message<Object> reply, Message request, long end) {
    if (!(reply.body() instanceof AskAgain)) {
      return Future.succeededFuture(reply);
    }
    long left = Math.max(1, end - now());
    return reply.replyAndRequest(Asked.now(request, left), within(left));
  }

  @SuppressWarnings("unchecked")
  private static <T> T body(io.vertx.core.eventbus.Message<Object> reply) {
    return (T) reply.body();
  }

  private static DeliveryOptions within(long ms) {
    return ProtoCodec.options().setSendTimeout(ms);
  }

  private static boolean tookNothing(ChatError error) {
    return error.code() == ErrorCode.SHUTTING_DOWN || error.code() == ErrorCode.UNAVAILABLE;
  }

  private static long now() {
    return Asked.nowMs();
  }
}
