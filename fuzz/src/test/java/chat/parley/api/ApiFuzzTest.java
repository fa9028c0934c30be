package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.api.KeptConnection.Answer;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request is answered, on a connection that stays usable, and never as a fault of ours. */
class ApiFuzzTest {
  /** What takes a body. */
  private static final List<String> BODIES =
      List.of(
          "POST /user/register",
          "POST /user/login",
          "POST /user/checkAuth",
          "POST /user/logout",
          "POST /push/push",
          "POST /push/pushRoom",
          "POST /push/count",
          "POST /push/getRoomInfo",
          "POST /push/history",
          "POST /api/v2/register",
          "POST /api/v2/login",
          "POST /api/v2/messages",
          "PATCH /api/v2/devices/1");

  /** What takes an address; the rest of it is the input. */
  private static final List<String> ADDRESSES =
      List.of(
          "GET /",
          "GET /api/v2/users?name=",
          "GET /api/v2/conversations/",
          "GET /api/v2/conversations/room:7/messages?",
          "GET /api/v2/rooms/",
          "DELETE /api/v2/devices/",
          "PUT /api/v2/rooms/");

  private static ApiUnderFuzz api;

  @BeforeAll
  static void start() {
    api = new ApiUnderFuzz();
  }

  @AfterAll
  static void stop() throws IOException {
    api.close();
  }

  static List<byte[]> requests() {
    String v1 =
        "{\"userName\":\"demo\",\"passWord\":\"1\",\"authToken\":\"t\",\"toUserId\":\"2\","
            + "\"roomId\":7,\"msg\":\"h\\u00e9llo\",\"limit\":5,\"before\":9}";
    String v2 =
        "{\"userName\":\"demo\",\"password\":\"1\",\"device\":{\"id\":\"11\",\"name\":\"d\"},"
            + "\"name\":\"d\",\"conversation\":\"direct:1:2\",\"text\":\"h\"}";
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < BODIES.size(); i++) {
      requests.add(choosing(i, BODIES.get(i).contains("/v2/") ? v2 : v1));
    }
    requests.add(choosing(5, "{\"authToken\":\"t\",\"roomId\":7,\"msg\":\"\\ud800\"}"));
    requests.add(choosing(BODIES.size() + 2, "direct:1:2/messages?before=1&limit=2"));
    requests.add(choosing(BODIES.size() + 3, "after=%zz"));
    requests.add(choosing(BODIES.size() + 4, "7/members"));
    requests.add(choosing(BODIES.size() + 6, "%c3%28/membership"));
    return requests;
  }

  private static byte[] choosing(int operation, String rest) {
    byte[] bytes = rest.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(bytes.length + 1).put((byte) operation).put(bytes).array();
  }

  @MethodSource("requests")
  @FuzzTest
  void request(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    int operation = Math.floorMod(bytes[0], BODIES.size() + ADDRESSES.size());
    byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
    Answer answer =
        operation < BODIES.size()
            ? api.connection().ask(BODIES.get(operation), rest)
            : api.connection()
                .ask(ADDRESSES.get(operation - BODIES.size()) + address(rest), new byte[0]);
    requireNoFaultOfOurs(answer);
    api.requireNothingUncaught();
  }

  /** What would end the request's first line is somebody else's parser, and tested there. */
  private static String address(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .replaceAll("[\\x00-\\x20\\x7f]", "%0a")
        .substring(0, Math.min(bytes.length, 1_000));
  }

  private static void requireNoFaultOfOurs(Answer answer) {
    assertThat(answer.status()).isIn(200, 201, 204, 400, 401, 403, 404, 405, 413, 415);
    if (answer.body().isEmpty()) {
      return;
    }
    JsonObject body = new JsonObject(answer.body());
    if (body.containsKey("detail")) {
      assertThat(body.getString("detail")).isNotBlank();
      assertThat(body.getInteger("status")).isEqualTo(answer.status());
    } else if (body.containsKey("message")) {
      assertThat(body.fieldNames()).containsExactly("code", "message", "data");
      assertThat(body.getString("message")).isNotBlank().isNotEqualTo("internal error");
    }
  }
}
