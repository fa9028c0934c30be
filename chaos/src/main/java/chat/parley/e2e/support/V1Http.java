package chat.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** A v1 client's HTTP half, bound to one API address. Any thread may use it. */
public final class V1Http {
  /** Longer than the server's own deadline: a request that hangs fails its test here. */
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final AtomicLong NAMES =
      new AtomicLong(System.currentTimeMillis() % 1_000_000_000 * 1_000);

  private final URI api;
  private final HttpClient client;

  public V1Http(URI api) {
    this(api, CLIENT);
  }

  /** By https. */
  public V1Http(URI api, SSLContext trusting) {
    this(
        api,
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .sslContext(trusting)
            .build());
  }

  private V1Http(URI api, HttpClient client) {
    this.api = api;
    this.client = client;
  }

  /** What v1 answers to everything, in HTTP status 200. */
  public record Answer(int status, int code, String message, JsonNode data) {
    public boolean ok() {
      return code == 0;
    }

    /** Without data: a token may be in it. */
    @Override
    public String toString() {
      return "code " + code + " '" + message + "'";
    }
  }

  /** A registered user with the token of its newest v1 login. */
  public record User(long id, String name, String password, String token) {
    @Override
    public String toString() {
      return "user " + id;
    }
  }

  /** Posts a JSON object made of names and values in turn. */
  public Answer post(String path, Object... namesAndValues) {
    return postBody(path, Json.of(namesAndValues).toString());
  }

  public Answer postBody(String path, String body) {
    HttpResponse<String> response =
        exchange(
            HttpRequest.newBuilder(api.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    JsonNode json = Json.parse(response.body());
    return new Answer(
        response.statusCode(),
        json.path("code").asInt(Integer.MIN_VALUE),
        json.path("message").asText(),
        json.path("data"));
  }

  /** Any request at all; the address of a relative path is the API's. */
  public HttpResponse<String> exchange(HttpRequest.Builder request) {
    try {
      return client.send(request.timeout(DEADLINE).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  public HttpRequest.Builder requestTo(String path) {
    return HttpRequest.newBuilder(api.resolve(path));
  }

  /** A user under a name that no test had before. */
  public User newUser() {
    String name = "u" + NAMES.incrementAndGet();
    return registered(name, Secrets.remember("pw-of-" + name));
  }

  /** Registers under a name of the test's choice. */
  public User registered(String name, String password) {
    return opened(name, password, register(name, password));
  }

  /** A name that no test had before. */
  public static String newName() {
    return "u" + NAMES.incrementAndGet();
  }

  public Answer register(String name, String password) {
    return remembered(post("/user/register", "userName", name, "passWord", password));
  }

  public Answer login(String name, String password) {
    return remembered(post("/user/login", "userName", name, "passWord", password));
  }

  /** Logs in and finds out who that is. */
  public User loggedIn(String name, String password) {
    return opened(name, password, login(name, password));
  }

  private User opened(String name, String password, Answer session) {
    if (!session.ok()) {
      throw new AssertionError("no session for " + name + ": " + session);
    }
    String token = session.data().asText();
    return new User(checkAuth(token).data().path("userId").asLong(), name, password, token);
  }

  private static Answer remembered(Answer session) {
    Secrets.remember(session.data().asText());
    return session;
  }

  public Answer checkAuth(String token) {
    return post("/user/checkAuth", "authToken", token);
  }

  public Answer logout(String token) {
    return post("/user/logout", "authToken", token);
  }

  public Answer pushRoom(User from, long room, String text) {
    return post(
        "/push/pushRoom",
        "authToken",
        from.token(),
        "msg",
        Secrets.remember(text),
        "roomId",
        room,
        "op",
        3);
  }

  /**
   * A room message that has a name, so that it may be sent again when the answer was lost; gochat's
   * clients have no such thing.
   */
  public Answer pushRoomNamed(User from, long room, String text, String name, boolean resend) {
    return post(
        "/push/pushRoom",
        "authToken",
        from.token(),
        "msg",
        Secrets.remember(text),
        "roomId",
        room,
        "clientMessageId",
        name,
        "resend",
        resend);
  }

  public Answer push(User from, long toUserId, long room, String text) {
    return post(
        "/push/push",
        "authToken",
        from.token(),
        "msg",
        Secrets.remember(text),
        "toUserId",
        "" + toUserId,
        "roomId",
        room);
  }

  /** A message to a user that has a name, as in {@link #pushRoomNamed}. */
  public Answer pushNamed(
      User from, long toUserId, long room, String text, String name, boolean resend) {
    return post(
        "/push/push",
        "authToken",
        from.token(),
        "msg",
        Secrets.remember(text),
        "toUserId",
        "" + toUserId,
        "roomId",
        room,
        "clientMessageId",
        name,
        "resend",
        resend);
  }

  public Answer count(User caller, long room) {
    return post("/push/count", "authToken", caller.token(), "roomId", room);
  }

  public Answer roomInfo(User caller, long room) {
    return post("/push/getRoomInfo", "authToken", caller.token(), "roomId", room);
  }

  public Answer historyPage(User caller, long room, long before, int limit) {
    return post(
        "/push/history",
        "authToken",
        caller.token(),
        "roomId",
        room,
        "before",
        before,
        "limit",
        limit);
  }
}
