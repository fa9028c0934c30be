package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.proto.Login;
import chat.parley.proto.Register;
import chat.parley.proto.SessionOpened;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is counted, and what somebody hears who is over a limit. */
class LimitsTest {
  private static final JsonObject PERSON =
      new JsonObject()
          .put("userName", "demo")
          .put("password", "secret")
          .put("passWord", "secret")
          .put("device", new JsonObject().put("name", "phone"));

  private ApiUnderTest api;

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void logicIsToldWhereALoginComesFromAndAForgedHeaderIsNot() {
    api = new ApiUnderTest(new JsonObject());
    try (LogicPeer login =
            LogicPeer.answering(api, Addresses.LOGIN, SessionOpened.getDefaultInstance());
        LogicPeer register =
            LogicPeer.answering(api, Addresses.REGISTER, SessionOpened.getDefaultInstance())) {
      for (String prefix : List.of("/user/", "/api/v2/")) {
        postFrom("198.51.100.7", prefix + "login");
        assertThat(((Login) login.asked()).getClientAddress()).isEqualTo("127.0.0.1");
        postFrom("198.51.100.7", prefix + "register");
        assertThat(((Register) register.asked()).getClientAddress()).isEqualTo("127.0.0.1");
      }
    }
  }

  @Test
  void behindATrustedProxyTheClientIsWhomTheProxyNames() {
    JsonArray proxies = new JsonArray().add("127.0.0.0/8");
    api =
        new ApiUnderTest(
            new JsonObject().put("api", new JsonObject().put("trusted-proxies", proxies)));
    try (LogicPeer login =
        LogicPeer.answering(api, Addresses.LOGIN, SessionOpened.getDefaultInstance())) {
      for (String path : List.of("/user/login", "/api/v2/login")) {
        postFrom("1.1.1.1, 198.51.100.7", path);
        assertThat(((Login) login.asked()).getClientAddress()).isEqualTo("198.51.100.7");
      }
    }
  }

  @Test
  void whoIsOverALimitHearsWhenToComeBack() {
    api = new ApiUnderTest(new JsonObject());
    ChatError error = ChatError.rateLimited("too many log-ins", Duration.ofSeconds(37));
    try (LogicPeer peer = LogicPeer.failing(api, Addresses.LOGIN, error)) {
      HttpResponse<String> v2 = postFrom("", "/api/v2/login");
      assertThat(v2.statusCode()).isEqualTo(429);
      assertThat(v2.headers().firstValue("Retry-After")).hasValue("37");
      assertThat(new JsonObject(v2.body()).getMap())
          .containsEntry("code", "RATE_LIMITED")
          .containsEntry("retryable", true)
          .containsEntry("retryAfterMs", 37_000)
          .containsEntry("detail", "too many log-ins, please try again in 37 s");
      JsonObject v1 = new JsonObject(postFrom("", "/user/login").body());
      assertThat(v1.getInteger("code")).isEqualTo(1);
      assertThat(v1.getString("message")).isEqualTo("too many log-ins, please try again in 37 s");
    }
  }

  @Test
  void oneConnectionTooManyOfAnAddressIsToldSoAndTheOthersGoOn() throws IOException {
    boundsOf(new JsonObject().put("max-connections-per-address", 3));
    List<Socket> open = fill(3);
    String problem = talk("POST /api/v2/logout HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    assertThat(problem)
        .startsWith("HTTP/1.1 429")
        .containsIgnoringCase("Retry-After: 1")
        .contains("\"code\":\"RATE_LIMITED\"", "too many connections from this address");
    String v1 = talk("POST /user/logout HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    assertThat(v1)
        .startsWith("HTTP/1.1 200")
        .contains("\"code\":1", "too many connections from this address");
    assertThat(ask(open.get(0))).contains("please check request url");
    open.get(1).close();
    awaitRoom();
    close(open);
  }

  @Test
  void aFullInstanceSaysSo() throws IOException {
    boundsOf(new JsonObject().put("max-connections", 2));
    List<Socket> open = fill(2);
    assertThat(talk("GET /api/v2/devices HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 503")
        .containsIgnoringCase("Retry-After: 1")
        .contains("\"code\":\"OVERLOADED\"", "too many connections, please try again");
    close(open);
    awaitRoom();
  }

  private void boundsOf(JsonObject settings) {
    api = new ApiUnderTest(new JsonObject().put("api", settings));
  }

  /** Connections that have been answered, and stay. */
  private List<Socket> fill(int count) throws IOException {
    List<Socket> open = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port);
      open.add(socket);
      assertThat(ask(socket)).contains("please check request url");
    }
    return open;
  }

  private static String ask(Socket socket) throws IOException {
    send(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    byte[] answer = new byte[4096];
    int length = socket.getInputStream().read(answer);
    return new String(answer, 0, Math.max(0, length), StandardCharsets.US_ASCII);
  }

  private static void send(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /** Everything that is answered on a new connection until it is closed from over there. */
  private String talk(String request) throws IOException {
    return RawHttp.talk(api, request);
  }

  private void awaitRoom() throws IOException {
    String answer;
    do {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
        answer = ask(socket);
      }
    } while (!answer.contains("please check request url"));
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private HttpResponse<String> postFrom(String forwarded, String path) {
    return api.send(
        api.request(path)
            .header("X-Forwarded-For", forwarded)
            .POST(BodyPublishers.ofString(PERSON.encode())));
  }
}
