package chat.parley.api.v1;

import chat.parley.bus.LogicClient;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.Identity;
import chat.parley.proto.Login;
import chat.parley.proto.Logout;
import chat.parley.proto.Register;
import chat.parley.proto.SessionKind;
import chat.parley.wire.V1Json;
import io.vertx.core.Future;
import java.util.Map;

/** The paths under {@code /user}. */
public final class V1Accounts {
  private static final V1Answer LOGGED_OUT = V1Answer.success("logout ok!");

  private final LogicClient logic;

  public V1Accounts(LogicClient logic) {
    this.logic = logic;
  }

  /** Operations by path. */
  public Map<String, V1Operation> operations() {
    return Map.of(
        "/user/register", this::register,
        "/user/login", this::login,
        "/user/checkAuth", this::checkAuth,
        "/user/logout", this::logout);
  }

  private Future<V1Answer> register(V1Request request) {
    Register register =
        Register.newBuilder()
            .setUserName(request.requiredString("userName"))
            .setPassword(request.requiredString("passWord"))
            .setKind(SessionKind.SESSION_KIND_V1)
            .setClientAddress(request.clientAddress())
            .build();
    return logic
        .register(register)
        .map(session -> V1Answer.success("register success", session.getToken()));
  }

  private Future<V1Answer> login(V1Request request) {
    Login login =
        Login.newBuilder()
            .setUserName(request.requiredString("userName"))
            .setPassword(request.requiredString("passWord"))
            .setKind(SessionKind.SESSION_KIND_V1)
            .setClientAddress(request.clientAddress())
            .build();
    return logic.login(login).map(session -> V1Answer.success("login success", session.getToken()));
  }

  private Future<V1Answer> checkAuth(V1Request request) {
    return logic
        .checkAuth(CheckAuth.newBuilder().setToken(request.token()).build())
        .map(V1Accounts::whoIs);
  }

  private Future<V1Answer> logout(V1Request request) {
    return logic.logout(Logout.newBuilder().setToken(request.token()).build()).map(LOGGED_OUT);
  }

  private static V1Answer whoIs(Identity identity) {
    return V1Answer.success(
        "auth success",
        data -> {
          V1Answer.ascii(data, "{\"userId\":" + identity.getUserId() + ",\"userName\":");
          V1Json.writeString(data, identity.getUserName());
          data.writeByte('}');
        });
  }
}
