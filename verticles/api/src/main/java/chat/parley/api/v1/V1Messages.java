package chat.parley.api.v1;

import chat.parley.bus.LogicClient;
import chat.parley.proto.AskRoom;
import chat.parley.proto.ReadHistory;
import chat.parley.proto.SendMessage;
import io.vertx.core.Future;
import java.time.ZoneId;
import java.util.Map;

/** The paths under {@code /push}. Belongs to one event loop. */
public final class V1Messages {
  private static final long DEFAULT_LIMIT = 50;
  private static final long MAX_LIMIT = 200;

  private static final V1Answer SENT_TO_USER = V1Answer.success("ok");
  private static final V1Answer DONE_IN_ROOM = V1Answer.success("ok", "");

  private final LogicClient logic;
  private final V1History history;

  /**
   * @param zone of the dates in the history
   */
  public V1Messages(LogicClient logic, ZoneId zone) {
    this.logic = logic;
    this.history = new V1History(zone);
  }

  /** Operations by path. */
  public Map<String, V1Operation> operations() {
    return Map.of(
        "/push/push", this::sendToUser,
        "/push/pushRoom", this::sendToRoom,
        "/push/count", this::askCount,
        "/push/getRoomInfo", this::askMembers,
        "/push/history", this::readHistory);
  }

  private Future<V1Answer> sendToUser(V1Request request) {
    SendMessage message =
        message(request)
            .setToUserId(request.requiredNumber("toUserId"))
            .setV1RoomId(request.requiredNumber("roomId"))
            .build();
    return logic.send(message).map(SENT_TO_USER);
  }

  private Future<V1Answer> sendToRoom(V1Request request) {
    SendMessage message = message(request).setRoomId(request.requiredNumber("roomId")).build();
    return logic.send(message).map(DONE_IN_ROOM);
  }

  /**
   * What both ways of sending have. A client that names its message may send it again after a
   * failure: {@code clientMessageId} with {@code resend}, both optional and unknown to gochat's
   * clients.
   */
  private static SendMessage.Builder message(V1Request request) {
    return SendMessage.newBuilder()
        .setToken(request.token())
        .setText(request.requiredString("msg"))
        .setClientMessageId(request.string("clientMessageId"))
        .setResend(request.flag("resend"));
  }

  private Future<V1Answer> askCount(V1Request request) {
    return logic.askRoom(ask(request, AskRoom.What.COUNT)).map(DONE_IN_ROOM);
  }

  private Future<V1Answer> askMembers(V1Request request) {
    return logic.askRoom(ask(request, AskRoom.What.MEMBERS)).map(DONE_IN_ROOM);
  }

  private static AskRoom ask(V1Request request, AskRoom.What what) {
    return AskRoom.newBuilder()
        .setToken(request.token())
        .setRoomId(request.requiredNumber("roomId"))
        .setWhat(what)
        .build();
  }

  private Future<V1Answer> readHistory(V1Request request) {
    ReadHistory.Builder read =
        ReadHistory.newBuilder()
            .setToken(request.token())
            .setRoomId(request.requiredNumber("roomId"))
            .setBefore(request.number("before"));
    long limit = request.number("limit");
    read.setLimit((int) Math.min(limit == 0 ? DEFAULT_LIMIT : limit, MAX_LIMIT));
    return logic.history(read.build()).map(history::answer);
  }
}
