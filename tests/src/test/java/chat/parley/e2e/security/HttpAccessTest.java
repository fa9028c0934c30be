package chat.parley.e2e.security;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Login;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * docs/access.md is true of every HTTP path. That it names every path there is, the tests of the
 * module api see to.
 */
@RunningParley
class HttpAccessTest {
  private static final int V1_SESSION_ERROR = 40_000;

  /**
   * @param account whose devices the request is about
   */
  private record Caller(String token, Login account) {}

  private interface Request {
    String outcome(Caller caller);
  }

  private final Map<String, Request> requests = new HashMap<>();
  private Scene scene;

  @Test
  void everyCellOfThePageHolds(Clients clients) {
    scene = new Scene(clients);
    v1();
    v2();
    assertThat(AccessPage.rows("HTTP")).isEqualTo(requests.keySet());
    AccessPage.requireTrue("HTTP", this::outcome);
    // What was refused has changed nothing.
    assertThat(clients.v2().devices(scene.inside.device().token()).body().toString())
        .contains("\"" + scene.inside.device().deviceId() + "\"")
        .doesNotContain("stolen");
    assertThat(texts("room:" + scene.room)).doesNotContain("outside", "null", "dead");
    assertThat(texts(scene.direct)).doesNotContain("outside", "null", "dead");
  }

  @Test
  void developmentAccountMayDoNothingThatAnotherMayNot(Clients clients) {
    scene = new Scene(clients);
    v2();
    Login demo = clients.v2().login("demo", "111111", Json.of("name", "matrix"));
    Caller caller = new Caller(demo.token(), scene.inside.device());
    AccessPage.cells("HTTP").stream()
        .filter(cell -> cell.column().equals("device, outside"))
        .filter(cell -> requests.containsKey(cell.row()) && !cell.row().contains("logout"))
        .filter(cell -> !cell.row().endsWith("of one's own"))
        .forEach(
            cell ->
                assertThat(requests.get(cell.row()).outcome(caller))
                    .as(cell.row())
                    .isEqualTo(cell.expected()));
  }

  /** Addresses stand in the logs of every proxy, and in the history of a browser. */
  @Test
  void tokenInAnAddressOpensNothing(Clients clients) {
    String token = clients.v2().newUser().token();
    for (String name : List.of("token", "authToken", "access_token", "Authorization")) {
      V2Http.Answer answer =
          clients.v2().call("GET", "/api/v2/devices?" + name + "=" + token, null, null);
      assertThat(answer.status()).as(name).isEqualTo(401);
      assertThat(answer.body().toString()).doesNotContain(token);
      assertThat(clients.http().post("/user/checkAuth?" + name + "=" + token).code())
          .isEqualTo(V1_SESSION_ERROR);
    }
  }

  /** 256 random bits: nobody guesses, and none tells anything of another. */
  @Test
  void tokensAreLongAndShareNothing(Clients clients) {
    Login user = clients.v2().newUser();
    Set<String> tokens = new LinkedHashSet<>();
    for (int i = 0; i < 8; i++) {
      tokens.add(clients.v2().again(user).token());
    }
    assertThat(tokens).hasSize(8).allMatch(token -> token.matches("[A-Za-z0-9_-]{43}="));
    for (int at = 0; at < 42; at++) {
      int place = at;
      assertThat(tokens.stream().map(token -> token.charAt(place)).distinct().count())
          .as("characters at " + at)
          .isGreaterThan(1);
    }
    String newest = user.token();
    for (int length : new int[] {1, 20, 43}) {
      assertThat(clients.v2().devices(newest.substring(0, length)).status()).isEqualTo(401);
    }
  }

  private String texts(String conversation) {
    return clients().v2().messages(scene.inside.device().token(), conversation, "after=0").body()
        + "";
  }

  private Clients clients() {
    return scene.clients;
  }

  private String outcome(AccessPage.Cell cell) {
    Set<String> outcomes = new LinkedHashSet<>();
    for (Caller caller : callers(cell)) {
      outcomes.add(requests.get(cell.row()).outcome(caller));
    }
    return String.join(" or ", outcomes);
  }

  private List<Caller> callers(AccessPage.Cell cell) {
    Login account = scene.inside.device();
    boolean ends = cell.row().contains("logout");
    return switch (cell.column()) {
      case Scene.NO_TOKEN -> List.of(new Caller(null, account));
      case Scene.DEAD_TOKEN ->
          scene.deadTokens().stream().map(token -> new Caller(token, account)).toList();
      case "v1 session, outside" -> List.of(caller(scene.outside, false, ends));
      case "v1 session, inside" -> List.of(caller(scene.inside, false, ends));
      case "device, outside" -> List.of(caller(scene.outside, true, ends));
      case "device, inside" -> List.of(caller(scene.inside, true, ends));
      default -> throw new AssertionError("a column that nobody here is: " + cell.column());
    };
  }

  private Caller caller(Scene.Person person, boolean ofDevice, boolean ends) {
    String token = ofDevice ? person.device().token() : person.v1();
    return new Caller(ends ? scene.spare(ofDevice) : token, person.device());
  }

  private void v1() {
    long room = scene.room;
    requests.put(
        "`POST /user/register`",
        any -> v1("/user/register", any, "userName", V1Http.newName(), "passWord", "of nobody"));
    requests.put("`POST /user/login`, right password", any -> v1Login(any, true));
    requests.put("`POST /user/login`, wrong password", any -> v1Login(any, false));
    requests.put("`POST /user/checkAuth`", any -> v1("/user/checkAuth", any));
    requests.put("`POST /user/logout`", any -> v1("/user/logout", any));
    requests.put(
        "`POST /push/push`",
        any -> v1("/push/push", any, "msg", "to one", "toUserId", scene.peer.id(), "roomId", room));
    requests.put(
        "`POST /push/pushRoom`",
        any -> v1("/push/pushRoom", any, "msg", saidBy(any), "roomId", room));
    requests.put("`POST /push/count`", any -> v1("/push/count", any, "roomId", room));
    requests.put("`POST /push/getRoomInfo`", any -> v1("/push/getRoomInfo", any, "roomId", room));
    requests.put("`POST /push/history`", any -> v1("/push/history", any, "roomId", room));
  }

  private String v1Login(Caller caller, boolean right) {
    // A name of its own: a v1 login ends the user's other v1 session.
    Login user = clients().v2().newUser();
    String password = V2Http.passwordOf(user.userName()) + (right ? "" : "!");
    return v1("/user/login", caller, "userName", user.userName(), "passWord", password);
  }

  private String v1(String path, Caller caller, Object... fields) {
    ObjectNode body = Json.of(fields);
    if (caller.token() != null) {
      body.put("authToken", caller.token());
    }
    V1Http.Answer answer = clients().http().postBody(path, body.toString());
    if (answer.ok()) {
      return "yes";
    }
    if (answer.code() == V1_SESSION_ERROR) {
      return "UNAUTHENTICATED";
    }
    return switch (answer.message().replaceAll("\\d+", "N")) {
      case "join room N first" -> "FORBIDDEN";
      case "no this user or password error!" -> "WRONG_CREDENTIALS";
      default -> answer.message();
    };
  }

  private void v2() {
    String room = "/api/v2/rooms/" + scene.room;
    String conversations = "/api/v2/conversations";
    requests.put("`POST /api/v2/register`", any -> v2("POST", "/api/v2/register", any, account()));
    requests.put("`POST /api/v2/login`, right password", any -> v2Login(any, true));
    requests.put("`POST /api/v2/login`, wrong password", any -> v2Login(any, false));
    requests.put("`POST /api/v2/login`, device of another", this::loginAtAnothersDevice);
    requests.put("`POST /api/v2/logout`", any -> v2("POST", "/api/v2/logout", any, null));
    requests.put("`GET /api/v2/devices`", any -> v2("GET", "/api/v2/devices", any, null));
    ofDevices("PATCH", Json.of("name", "stolen"));
    ofDevices("DELETE", null);
    requests.put("`GET /api/v2/conversations`", any -> v2("GET", conversations, any, null));
    requests.put(
        "`GET /api/v2/conversations/{conversation}/messages` of a room",
        any -> v2("GET", conversations + "/room:" + scene.room + "/messages", any, null));
    requests.put(
        "`GET /api/v2/conversations/{conversation}/messages` between two users",
        any -> v2("GET", conversations + "/" + scene.direct + "/messages", any, null));
    requests.put(
        "`GET /api/v2/users`",
        any -> v2("GET", "/api/v2/users?name=" + scene.peer.device().userName(), any, null));
    requests.put(
        "`PUT /api/v2/rooms/{room}/membership`",
        any -> v2("PUT", "/api/v2/rooms/" + Clients.newRoom() + "/membership", any, null));
    requests.put(
        "`DELETE /api/v2/rooms/{room}/membership`",
        any -> v2("DELETE", "/api/v2/rooms/" + Clients.newRoom() + "/membership", any, null));
    requests.put(
        "`GET /api/v2/rooms/{room}/members`", any -> v2("GET", room + "/members", any, null));
    requests.put("`POST /api/v2/messages` to a room", any -> send(any, "roomId", "" + scene.room));
    requests.put(
        "`POST /api/v2/messages` to a user", any -> send(any, "toUserId", "" + scene.peer.id()));
    requests.put(
        "`POST /api/v2/messages` to a conversation between two users",
        any -> send(any, "conversation", scene.direct));
  }

  private void ofDevices(String method, ObjectNode body) {
    String row = "`" + method + " /api/v2/devices/{device}` ";
    requests.put(
        row + "of one's own",
        caller -> {
          Login own = clients().v2().anotherDevice(caller.account(), "own");
          ObjectNode named = body == null ? null : Json.of("name", "renamed");
          return v2(method, "/api/v2/devices/" + own.deviceId(), caller, named);
        });
    requests.put(
        row + "of another user",
        caller -> {
          Scene.Person other =
              caller.account() == scene.inside.device() ? scene.peer : scene.inside;
          return v2(method, "/api/v2/devices/" + other.device().deviceId(), caller, body);
        });
  }

  private static ObjectNode account() {
    ObjectNode body = Json.of("userName", V1Http.newName(), "password", "of nobody");
    body.set("device", Json.of("name", "first"));
    return body;
  }

  private String v2Login(Caller caller, boolean right) {
    Login user = scene.peer.device();
    String password = V2Http.passwordOf(user.userName()) + (right ? "" : "!");
    ObjectNode body = Json.of("userName", user.userName(), "password", password);
    body.set("device", Json.of("name", "another"));
    return v2("POST", "/api/v2/login", caller, body);
  }

  private String loginAtAnothersDevice(Caller caller) {
    Login user = scene.peer.device();
    ObjectNode body =
        Json.of("userName", user.userName(), "password", V2Http.passwordOf(user.userName()));
    body.set("device", Json.of("id", "" + scene.inside.device().deviceId(), "name", "stolen"));
    return v2("POST", "/api/v2/login", caller, body);
  }

  private String send(Caller caller, String field, String target) {
    ObjectNode message = Json.of("text", saidBy(caller), field, target);
    V2Http.Answer answer =
        clients().v2().post(caller.token(), UUID.randomUUID().toString(), message);
    return answer.ok() ? "yes" : answer.code();
  }

  /** What a reader would find, had it been accepted. */
  private String saidBy(Caller caller) {
    if (caller.token() == null) {
      return "said by null";
    }
    if (scene.deadTokens().contains(caller.token())) {
      return "said by the dead";
    }
    return caller.account() == scene.inside.device() ? "said inside" : "said outside";
  }

  private String v2(String method, String path, Caller caller, ObjectNode body) {
    V2Http.Answer answer = clients().v2().call(method, path, caller.token(), body);
    return answer.ok() ? "yes" : answer.code();
  }
}
