package chat.parley.bus;

import chat.parley.proto.AskRoom;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.FetchedMessages;
import chat.parley.proto.Heads;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.LoggedOut;
import chat.parley.proto.Login;
import chat.parley.proto.Logout;
import chat.parley.proto.ReadHeads;
import chat.parley.proto.ReadHistory;
import chat.parley.proto.Register;
import chat.parley.proto.RoomAsked;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SessionOpened;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;

/**
 * How api and connect ask logic. Every request ends within the deadline, with an answer or with a
 * {@link ChatError}; not more than a bound of them is in flight, and what is over the bound is
 * refused at once as {@link ErrorCode#OVERLOADED}.
 *
 * <p>A refusal that took nothing (nobody there, a draining node) is tried again at another node
 * until the deadline. A request whose outcome is unknown is never repeated here: that is the
 * sender's right, with its client message id.
 *
 * <p>Belongs to one verticle instance and is used on its event loop only.
 */
public final class LogicClient {
  private static final long FIRST_PAUSE_MS = 20;
  private static final long LONGEST_PAUSE_MS = 250;

  private final Vertx vertx;
  private final long deadlineMs;
  private final int maxInFlight;
  private int inFlight;

  /**
   * @param deadline time within which every request ends
   * @param maxInFlight most requests that wait for an answer at one moment
   */
  public LogicClient(Vertx vertx, Duration deadline, int maxInFlight) {
    this.vertx = vertx;
    this.deadlineMs = deadline.toMillis();
    this.maxInFlight = maxInFlight;
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

  /** Requests that wait for an answer now. */
  public int inFlight() {
    return inFlight;
  }

  private <T> Future<T> ask(String address, Message request) {
    if (inFlight >= maxInFlight) {
      return Future.failedFuture(
          new ChatError(ErrorCode.OVERLOADED, "too many requests under way, please try again"));
    }
    inFlight++;
    Promise<T> answer = Promise.promise();
    attempt(address, request, now() + deadlineMs, FIRST_PAUSE_MS, answer);
    return answer.future().onComplete(done -> inFlight--);
  }

  private <T> void attempt(
      String address, Message request, long end, long pauseMs, Promise<T> answer) {
    DeliveryOptions options = ProtoCodec.options().setSendTimeout(Math.max(1, end - now()));
    vertx
        .eventBus()
        .<T>request(address, request, options)
        .onComplete(
            reply -> {
              if (reply.succeeded()) {
                answer.complete(reply.result().body());
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

  private static boolean tookNothing(ChatError error) {
    return error.code() == ErrorCode.SHUTTING_DOWN || error.code() == ErrorCode.UNAVAILABLE;
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }
}
