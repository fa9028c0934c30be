package chat.parley.connect;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.ConnectionAdmitted;
import chat.parley.proto.Failure;
import chat.parley.proto.FetchedMessages;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.MessagesSent;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.RoomMembers;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SendMessages;
import chat.parley.proto.SendResult;
import chat.parley.proto.UserFound;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * In logic's place: knows one token and keeps nothing. Whatever connect asks must be a message that
 * crosses the bus as it is.
 */
final class StandInLogic {
  /** What no input guesses. */
  static final String TOKEN = "the-one-token-" + Long.toHexString(System.nanoTime());

  private static final Identity IDENTITY =
      Identity.newBuilder()
          .setUserId(1)
          .setUserName("demo")
          .setSessionId("session")
          .setDeviceId(11)
          .build();

  private final Vertx vertx;
  private final Consumer<Throwable> broken;
  private long connections;

  /**
   * @param broken hears of requests that do not cross the bus
   */
  StandInLogic(Vertx vertx, Consumer<Throwable> broken) {
    this.vertx = vertx;
    this.broken = broken;
  }

  void serve() {
    on(Addresses.CHECK_AUTH, (CheckAuth asked) -> known(asked.getToken(), IDENTITY));
    on(Addresses.OPEN_CONNECTION, asked -> admitted());
    on(Addresses.JOIN_ROOM, this::join);
    on(Addresses.LEAVE_ROOM, asked -> RoomLeft.getDefaultInstance());
    on(Addresses.SEND, (SendMessage asked) -> known(asked.getToken(), null));
    on(Addresses.SEND_MANY, StandInLogic::refuseAll);
    on(Addresses.HISTORY, asked -> HistoryPage.getDefaultInstance());
    on(Addresses.MEMBERS, asked -> RoomMembers.getDefaultInstance());
    on(Addresses.FIND_USER, asked -> UserFound.getDefaultInstance());
    on(Addresses.FETCH, asked -> FetchedMessages.newBuilder().setGone(true).build());
  }

  private <T extends Message> void on(String address, Function<T, Message> answer) {
    vertx
        .eventBus()
        .<T>consumer(
            address,
            request -> {
              requireThatItCrossesTheBus(ProtoCodec.bodyOf(request));
              try {
                request.reply(answer.apply(ProtoCodec.bodyOf(request)), ProtoCodec.options());
              } catch (ChatError refused) {
                refused.failTo(request);
              }
            });
  }

  private void requireThatItCrossesTheBus(Message asked) {
    try {
      if (!asked.getParserForType().parseFrom(asked.toByteString()).equals(asked)) {
        broken.accept(new AssertionError("another message on the other side of the bus: " + asked));
      }
    } catch (InvalidProtocolBufferException e) {
      broken.accept(e);
    }
  }

  private Message admitted() {
    connections++;
    return ConnectionAdmitted.newBuilder().setIdentity(IDENTITY).setNumber(connections).build();
  }

  private Message join(JoinRoom asked) {
    known(asked.getToken(), IDENTITY);
    if (asked.getRoomId() <= 0) {
      throw new ChatError(ErrorCode.BAD_REQUEST, "roomId must be above 0");
    }
    return RoomJoined.newBuilder()
        .setIdentity(IDENTITY)
        .setAfter(Math.max(0, asked.getAfter()))
        .build();
  }

  private static Message refuseAll(SendMessages asked) {
    SendResult refused =
        SendResult.newBuilder()
            .setFailure(
                Failure.newBuilder()
                    .setCode(ErrorCode.TOO_LARGE.number())
                    .setMessage("nothing is kept here"))
            .build();
    MessagesSent.Builder sent = MessagesSent.newBuilder();
    asked.getMessagesList().forEach(message -> sent.addResults(refused));
    return sent.build();
  }

  private static Message known(String token, Message answer) {
    if (!token.equals(TOKEN)) {
      throw new ChatError(ErrorCode.UNAUTHENTICATED, "not known here");
    }
    if (answer == null) {
      throw new ChatError(ErrorCode.TOO_LARGE, "nothing is kept here");
    }
    return answer;
  }
}
