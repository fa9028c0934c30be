package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API answers by itself; no logic is there. */
class V1WireTest {
  private static ApiUnderTest api;

  @BeforeAll
  static void start() {
    api = new ApiUnderTest(new JsonObject().put("api", new JsonObject().put("deadline", "1s")));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void unknownPathAndMethodAreAnsweredAsV1Does() {
    JsonObject wanted =
        new JsonObject()
            .put("code", 1)
            .put("message", "please check request url !")
            .putNull("data");
    assertThat(api.post("/no/such", new JsonObject())).isEqualTo(wanted);
    HttpResponse<String> get = api.send(api.request("/user/login").GET());
    assertThat(get.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(get.body())).isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /user/register    | {}                                              | userName
          /user/register    | {"userName":"","passWord":"p"}                  | userName
          /user/register    | {"userName":"n"}                                | passWord
          /user/login       | {"userName":null,"passWord":"p"}                | userName
          /user/login       | {"userName":"n","passWord":""}                  | passWord
          /push/push        | {"authToken":"t"}                               | msg
          /push/push        | {"authToken":"t","msg":"m"}                     | toUserId
          /push/push        | {"authToken":"t","msg":"m","toUserId":"0"}      | toUserId
          /push/push        | {"authToken":"t","msg":"m","toUserId":"2"}      | roomId
          /push/pushRoom    | {"authToken":"t","roomId":1}                    | msg
          /push/pushRoom    | {"authToken":"t","msg":"m","roomId":0}          | roomId
          /push/count       | {"authToken":"t"}                               | roomId
          /push/getRoomInfo | {"authToken":"t","roomId":""}                   | roomId
          /push/history     | {"authToken":"t"}                               | roomId
          """)
  void missingFieldIsNamed(String path, String body, String field) {
    JsonObject answer = api.post(path, new JsonObject(body));
    assertThat(answer.getInteger("code")).isEqualTo(1);
    assertThat(answer.getString("message")).isEqualTo(field + " is required");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/user/checkAuth",
        "/user/logout",
        "/push/push",
        "/push/pushRoom",
        "/push/count",
        "/push/getRoomInfo",
        "/push/history"
      })
  void missingTokenIsASessionError(String path) {
    JsonObject wanted =
        new JsonObject().put("code", 40000).put("message", "Session error").putNull("data");
    assertThat(api.post(path, new JsonObject())).isEqualTo(wanted);
    assertThat(api.post(path, new JsonObject().put("authToken", ""))).isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"authToken":5,"msg":"m","roomId":1}                | authToken must be a string
          {"authToken":"t","msg":["m"],"roomId":1}            | msg must be a string
          {"authToken":"t","msg":"m","roomId":"x"}            | roomId must be a number
          {"authToken":"t","msg":"m","roomId":1.5}            | roomId must be a number
          {"authToken":"t","msg":"m","roomId":-1}             | roomId must be a positive number
          {"authToken":"t","msg":"m","roomId":{"a":1}}        | roomId must be a number
          {"authToken":"t","msg":"m","roomId":99999999999999999999} | roomId must be a number
          """)
  void wrongTypeIsNamed(String body, String text) {
    JsonObject answer = api.post("/push/pushRoom", new JsonObject(body));
    assertThat(answer.getInteger("code")).isEqualTo(1);
    assertThat(answer.getString("message")).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[1]", "{", "\"text\"", "{\"a\":}", "{} {}", "\u0000"})
  void whatIsNoJsonObjectIsRefusedAndTheConnectionStaysUsable(String body) {
    JsonObject answer = api.post("/user/login", BodyPublishers.ofString(body));
    assertThat(answer.getInteger("code")).isEqualTo(1);
    assertThat(answer.getString("message")).isEqualTo("the request body is not a JSON object");
    stillAnswers();
  }

  @Test
  void hostileBytesAreRefusedAndTheServerGoesOn() {
    String deep = "{\"userName\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}";
    assertRefused(BodyPublishers.ofString(deep));
    byte[] invalid = "{\"userName\":\"??\",\"passWord\":\"p\"}".getBytes(StandardCharsets.US_ASCII);
    invalid[13] = (byte) 0xC3;
    invalid[14] = (byte) 0x28;
    assertRefused(BodyPublishers.ofByteArray(invalid));
    stillAnswers();
  }

  @Test
  void bodyOverTheBoundIsRefusedByName() {
    JsonObject big = new JsonObject().put("userName", "n").put("passWord", "x".repeat(1_000_000));
    JsonObject answer = api.post("/user/login", big);
    assertThat(answer.getInteger("code")).isEqualTo(1);
    assertThat(answer.getString("message"))
        .isEqualTo("the request body is larger than 65536 bytes");
    stillAnswers();
  }

  @Test
  void outageIsRetryableAndNeverASessionError() {
    JsonObject[] requests = {
      api.post("/user/checkAuth", new JsonObject().put("authToken", "t")),
      api.post("/user/login", new JsonObject().put("userName", "n").put("passWord", "p")),
      api.post(
          "/push/pushRoom",
          new JsonObject().put("authToken", "t").put("msg", "m").put("roomId", 1)),
    };
    assertThat(requests)
        .allSatisfy(
            answer -> {
              assertThat(answer.getInteger("code")).isEqualTo(1);
              assertThat(answer.getString("message")).contains("please try again");
            });
  }

  @Test
  void preflightIsAnsweredForAnyOrigin() {
    HttpResponse<String> answer =
        api.send(api.request("/push/push").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Headers"))
        .hasValue("Origin, X-Requested-With, Content-Type, Accept");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Methods"))
        .hasValue("GET, OPTIONS, POST, PUT, DELETE");
  }

  private static void assertRefused(BodyPublisher body) {
    JsonObject answer = api.post("/user/login", body);
    assertThat(answer.getInteger("code")).isEqualTo(1);
    assertThat(answer.getString("message")).isEqualTo("the request body is not a JSON object");
  }

  private static void stillAnswers() {
    assertThat(api.post("/user/logout", new JsonObject()).getInteger("code")).isEqualTo(40000);
  }
}
