package chat.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

/** The HTTP half of v2, bound to one API address. Any thread may use it. */
public final class V2Http {
  private final V1Http http;

  public V2Http(URI api) {
    this.http = new V1Http(api);
  }

  /** An answer; its body is JSON or nothing. */
  public record Answer(int status, String contentType, JsonNode body) {
    public boolean ok() {
      return status / 100 == 2;
    }

    /** The code of a problem. */
    public String code() {
      return body.path("code").asText();
    }

    /** Without the body of a success: a token may be in it. */
    @Override
    public String toString() {
      return ok() ? "status " + status : "status " + status + " " + body;
    }
  }

  /** A session of a device. */
  public record Login(String token, long userId, String userName, long deviceId) {
    @Override
    public String toString() {
      return "device " + deviceId + " of user " + userId;
    }
  }

  /** Any request; the token may be null, the body too. */
  public Answer call(String method, String path, String token, ObjectNode body) {
    return call(http.requestTo(path), method, token, body);
  }

  private Answer call(HttpRequest.Builder request, String method, String token, ObjectNode body) {
    BodyPublisher content =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
    request.method(method, content);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> response = http.exchange(request);
    String text = response.body();
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        text == null || text.isEmpty() ? MissingNode.getInstance() : Json.parse(text));
  }

  /** Registers a user under a name that no test had before, with a first device. */
  public Login newUser() {
    String name = V1Http.newName();
    return register(name, passwordOf(name), "first");
  }

  /** Of those that {@link #newUser()} made. */
  public static String passwordOf(String name) {
    return Secrets.remember("pw-of-" + name);
  }

  public Login register(String name, String password, String device) {
    ObjectNode body = Json.of("userName", name, "password", password);
    body.set("device", Json.of("name", device));
    return opened(call("POST", "/api/v2/register", null, body));
  }

  /** Another device of a user that {@link #newUser()} made. */
  public Login anotherDevice(Login user, String device) {
    return login(user.userName(), passwordOf(user.userName()), Json.of("name", device));
  }

  /** A new session of a device of a user that {@link #newUser()} made. */
  public Login again(Login device) {
    return login(
        device.userName(),
        passwordOf(device.userName()),
        Json.of("id", "" + device.deviceId(), "name", "again"));
  }

  public Login login(String name, String password, ObjectNode device) {
    ObjectNode body = Json.of("userName", name, "password", password);
    body.set("device", device);
    return opened(call("POST", "/api/v2/login", null, body));
  }

  private static Login opened(Answer session) {
    if (!session.ok()) {
      throw new AssertionError("no session: " + session);
    }
    JsonNode body = session.body();
    return new Login(
        Secrets.remember(body.path("token").asText()),
        body.path("userId").asLong(),
        body.path("userName").asText(),
        body.path("deviceId").asLong());
  }

  public Answer logout(String token) {
    return call("POST", "/api/v2/logout", token, null);
  }

  public Answer devices(String token) {
    return call("GET", "/api/v2/devices", token, null);
  }

  public Answer revoke(String token, long deviceId) {
    return call("DELETE", "/api/v2/devices/" + deviceId, token, null);
  }

  public Answer join(String token, long room) {
    return call("PUT", "/api/v2/rooms/" + room + "/membership", token, null);
  }

  /** Posts a message; the same key is the same message. */
  public Answer post(String token, String key, ObjectNode message) {
    Secrets.remember(message.path("text").asText());
    HttpRequest.Builder request = http.requestTo("/api/v2/messages").header("Idempotency-Key", key);
    return call(request, "POST", token, message);
  }

  /**
   * @param from such as {@code after=0&limit=50}
   */
  public Answer messages(String token, String conversation, String from) {
    String path = "/api/v2/conversations/" + conversation + "/messages?" + from;
    return call("GET", path, token, null);
  }
}
