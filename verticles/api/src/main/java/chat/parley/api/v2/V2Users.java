package chat.parley.api.v2;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.LogicClient;
import chat.parley.proto.FindUser;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Finds users by their names. */
final class V2Users {
  private final LogicClient logic;

  V2Users(LogicClient logic) {
    this.logic = logic;
  }

  List<V2Route> routes() {
    return List.of(V2Route.get("/api/v2/users", this::find));
  }

  private Future<V2Answer> find(V2Request request) {
    String token = request.token();
    String name =
        request
            .query("name")
            .filter(given -> !given.isEmpty())
            .orElseThrow(
                () -> new ChatError(ErrorCode.BAD_REQUEST, "name is required in the query"));
    return logic
        .findUser(FindUser.newBuilder().setToken(token).setUserName(name).build())
        .map(
            user ->
                V2Answer.ok(
                    new JsonObject()
                        .put("userId", Long.toString(user.getUserId()))
                        .put("userName", user.getUserName())
                        .put("conversation", user.getConversation())));
  }
}
