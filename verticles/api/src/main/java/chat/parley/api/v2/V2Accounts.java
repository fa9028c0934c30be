package chat.parley.api.v2;

import chat.parley.bus.LogicClient;
import chat.parley.proto.Identity;
import chat.parley.proto.Login;
import chat.parley.proto.Logout;
import chat.parley.proto.Register;
import chat.parley.proto.SessionKind;
import chat.parley.proto.SessionOpened;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Opens and ends the sessions of devices. */
final class V2Accounts {
  private final LogicClient logic;

  V2Accounts(LogicClient logic) {
    this.logic = logic;
  }

  List<V2Route> routes() {
    return List.of(
        V2Route.postJson("/api/v2/register", this::register),
        V2Route.postJson("/api/v2/login", this::login),
        V2Route.post("/api/v2/logout", this::logout));
  }

  private Future<V2Answer> register(V2Request request) {
    V2Body body = request.body();
    Register register =
        Register.newBuilder()
            .setUserName(body.requiredString("userName"))
            .setPassword(body.requiredString("password"))
            .setKind(SessionKind.SESSION_KIND_DEVICE)
            .setClientAddress(request.clientAddress())
            .setDeviceName(body.requiredObject("device").requiredString("name"))
            .build();
    return logic.register(register).map(V2Accounts::json).map(V2Answer::created);
  }

  private Future<V2Answer> login(V2Request request) {
    V2Body body = request.body();
    Login.Builder login =
        Login.newBuilder()
            .setUserName(body.requiredString("userName"))
            .setPassword(body.requiredString("password"))
            .setKind(SessionKind.SESSION_KIND_DEVICE)
            .setClientAddress(request.clientAddress());
    V2Body device = body.requiredObject("device");
    login.setDeviceId(device.id("id"));
    // A device that has an id has a name too.
    login.setDeviceName(
        login.getDeviceId() == 0 ? device.requiredString("name") : device.string("name"));
    return logic.login(login.build()).map(V2Accounts::json).map(V2Answer::ok);
  }

  private Future<V2Answer> logout(V2Request request) {
    return logic.logout(Logout.newBuilder().setToken(request.token()).build()).map(V2Answer.DONE);
  }

  private static JsonObject json(SessionOpened session) {
    Identity who = session.getIdentity();
    return new JsonObject()
        .put("token", session.getToken())
        .put("userId", Long.toString(who.getUserId()))
        .put("userName", who.getUserName())
        .put("deviceId", Long.toString(who.getDeviceId()));
  }
}
