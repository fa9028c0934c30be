package chat.parley.api.v2;

import chat.parley.bus.Conversations;
import chat.parley.bus.LogicClient;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.LeaveRoom;
import chat.parley.proto.ReadMembers;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomMembers;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Lets the caller's device into rooms and out of them, and says who is there. */
final class V2Rooms {
  private final LogicClient logic;

  V2Rooms(LogicClient logic) {
    this.logic = logic;
  }

  List<V2Route> routes() {
    return List.of(
        V2Route.put("/api/v2/rooms/{room}/membership", this::join),
        V2Route.delete("/api/v2/rooms/{room}/membership", this::leave),
        V2Route.get("/api/v2/rooms/{room}/members", this::members));
  }

  private Future<V2Answer> join(V2Request request) {
    long roomId = request.pathId("room");
    JoinRoom join = JoinRoom.newBuilder().setToken(request.token()).setRoomId(roomId).build();
    return logic.joinRoom(join).map(joined -> V2Answer.ok(json(roomId, joined)));
  }

  private Future<V2Answer> leave(V2Request request) {
    LeaveRoom leave =
        LeaveRoom.newBuilder().setToken(request.token()).setRoomId(request.pathId("room")).build();
    return logic.leaveRoom(leave).map(V2Answer.DONE);
  }

  private Future<V2Answer> members(V2Request request) {
    ReadMembers read =
        ReadMembers.newBuilder()
            .setToken(request.token())
            .setRoomId(request.pathId("room"))
            .build();
    return logic.members(read).map(V2Rooms::json).map(V2Answer::ok);
  }

  private static JsonObject json(long roomId, RoomJoined joined) {
    return new JsonObject()
        .put("roomId", Long.toString(roomId))
        .put("conversation", Conversations.ofRoom(roomId))
        .put("head", Long.toString(joined.getHead()))
        .put("after", Long.toString(joined.getAfter()));
  }

  private static JsonObject json(RoomMembers room) {
    JsonArray members = new JsonArray();
    room.getMembersList()
        .forEach(
            member ->
                members.add(
                    new JsonObject()
                        .put("userId", Long.toString(member.getUserId()))
                        .put("userName", member.getUserName())));
    return new JsonObject().put("count", room.getCount()).put("members", members);
  }
}
