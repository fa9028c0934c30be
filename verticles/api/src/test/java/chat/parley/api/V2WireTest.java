package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.Devices;
import chat.parley.proto.LoggedOut;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What v2 answers to bad requests and to errors. */
class V2WireTest {
  private static final Set<String> FIELDS =
      Set.of("type", "title", "status", "detail", "code", "retryable");

  private static ApiUnderTest api;

  @BeforeAll
  static void start() {
    api = new ApiUnderTest(new JsonObject().put("api", new JsonObject().put("deadline", "1s")));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          BAD_REQUEST,        400, urn:parley:error:bad-request,        false
          UNAUTHENTICATED,    401, urn:parley:error:unauthenticated,    false
          WRONG_CREDENTIALS,  401, urn:parley:error:wrong-credentials,  false
          NAME_TAKEN,         409, urn:parley:error:name-taken,         false
          FORBIDDEN,          403, urn:parley:error:forbidden,          false
          NOT_FOUND,          404, urn:parley:error:not-found,          false
          TOO_LARGE,          413, urn:parley:error:too-large,          false
          RATE_LIMITED,       429, urn:parley:error:rate-limited,       true
          OVERLOADED,         503, urn:parley:error:overloaded,         true
          UNAVAILABLE,        503, urn:parley:error:unavailable,        true
          DEADLINE_EXCEEDED,  504, urn:parley:error:deadline-exceeded,  true
          SHUTTING_DOWN,      503, urn:parley:error:shutting-down,      true
          INTERNAL,           500, urn:parley:error:internal,           false
          TOO_MANY_IN_FLIGHT, 429, urn:parley:error:too-many-in-flight, true
          """)
  void errorOfLogicIsAProblem(ErrorCode code, int status, String type, boolean retryable) {
    ChatError error = new ChatError(code, "what was wrong");
    try (LogicPeer logic = LogicPeer.failing(api, Addresses.LIST_DEVICES, error)) {
      HttpResponse<String> answer = api.v2("GET", "/api/v2/devices", "tok", null);
      assertThat(logic.wasAsked()).isTrue();
      JsonObject problem = problem(answer, status, code.name(), "what was wrong");
      assertThat(problem.getString("type")).isEqualTo(type);
      assertThat(problem.getBoolean("retryable")).isEqualTo(retryable);
      boolean waits = status == 429 || status == 503;
      assertThat(problem.getInteger("retryAfterMs")).isEqualTo(waits ? 1000 : null);
      assertThat(answer.headers().firstValue("Retry-After").orElse("")).isEqualTo(waits ? "1" : "");
      assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
          .isEqualTo(status == 401 ? "Bearer" : "");
    }
  }

  @Test
  void everyErrorIsInTheTableAbove() {
    assertThat(ErrorCode.values()).hasSize(14);
  }

  @Test
  void absentLogicIsUnavailable() {
    HttpResponse<String> answer = api.v2("GET", "/api/v2/devices", "tok", null);
    problem(answer, 503, "UNAVAILABLE", "the service is away for now, please try again");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v2",
    "GET, /api/v2/",
    "GET, /api/v2/nothing",
    "POST, /api/v2/login/",
    "POST, /api/v2//login",
    "POST, /api/v2/login/more",
    "PUT, /api/v2/rooms//membership",
    "GET, /api/v2/rooms/7%2Fmembers"
  })
  void unknownPathIsNotFound(String method, String path) {
    problem(api.v2(method, path, null, null), 404, "NOT_FOUND", "there is nothing at this path");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /api/v2/login                 | POST
          POST   | /api/v2/devices               | GET
          GET    | /api/v2/devices/5             | PATCH, DELETE
          HEAD   | /api/v2/devices               | GET
          POST   | /api/v2/rooms/7/membership    | PUT, DELETE
          DELETE | /api/v2/messages              | POST
          """)
  void wrongMethodIsToldTheRightOnes(String method, String path, String allowed) {
    HttpResponse<String> answer = api.v2(method, path, "tok", null);
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
    if (!method.equals("HEAD")) {
      problem(answer, 405, "BAD_REQUEST", "this path takes " + allowed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded", "application/jso"})
  void otherContentThanJsonIsRefused(String type) {
    HttpRequest.Builder request =
        api.bareRequest("/api/v2/login").POST(BodyPublishers.ofString("{}"));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    problem(
        api.send(request),
        415,
        "BAD_REQUEST",
        "the request body must be JSON, with Content-Type: application/json");
  }

  @Test
  void contentTypeMayHaveParametersAndAnyCase() {
    HttpRequest.Builder request =
        api.bareRequest("/api/v2/login")
            .header("Content-Type", "Application/JSON; charset=utf-8")
            .POST(BodyPublishers.ofString("{}"));
    problem(api.send(request), 400, "BAD_REQUEST", "userName is required");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"userName":          | the request body is not a JSON object: see line 1, column 13
          {"a":1} {}            | the request body is not a JSON object
          [1]                   | the request body is not a JSON object
          null                  | the request body is not a JSON object
          secret                | the request body is not a JSON object: see line 1, column 7
          """)
  void malformedBodyIsNamedWithThePlaceAndNotRepeated(String body, String detail) {
    HttpResponse<String> answer = post("/api/v2/login", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getString("detail")).startsWith(detail);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/v2/register | {}                                                     | userName is required
          /api/v2/register | {"userName":"n","password":""}                         | password is required
          /api/v2/register | {"userName":"n","password":1}                          | password must be a string
          /api/v2/register | {"userName":"n","password":"p"}                        | device is required
          /api/v2/register | {"userName":"n","password":"p","device":"laptop"}      | device must be an object
          /api/v2/register | {"userName":"n","password":"p","device":{}}            | device.name is required
          /api/v2/register | {"userName":"a\\ud83d"}                                 | userName must be Unicode text: it has half of a surrogate pair
          /api/v2/register | {"userName":"a\\ud83d\\ude00"}                           | password is required
          /api/v2/login    | {"userName":null}                                      | userName is required
          /api/v2/login    | {"userName":"n","password":"p","device":{"id":null}}   | device.name is required
          /api/v2/login    | {"userName":"n","password":"p","device":{"id":"x"}}    | device.id must be a positive whole number
          /api/v2/login    | {"userName":"n","password":"p","device":{"id":1,"name":2}} | device.name must be a string
          """)
  void fieldThatIsMissingOrWrongIsNamed(String path, String body, String detail) {
    problem(post(path, body), 400, "BAD_REQUEST", detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /api/v2/users                                              | name is required in the query
          GET    | /api/v2/users?name=                                        | name is required in the query
          GET    | /api/v2/conversations/room:7/messages?before=x             | before must be a whole number, 0 or more
          GET    | /api/v2/conversations/room:7/messages?after=-1             | after must be a whole number, 0 or more
          GET    | /api/v2/conversations/room:7/messages?limit=1.5            | limit must be a whole number, 0 or more
          GET    | /api/v2/conversations/room:7/messages?limit=               | limit must be a whole number, 0 or more
          GET    | /api/v2/conversations/room:7/messages?before=1&after=1     | before and after exclude each other
          GET    | /api/v2/conversations/room:x/messages                      | the conversation in the path must be room:ID or direct:ID:ID
          GET    | /api/v2/conversations/7/messages                           | the conversation in the path must be room:ID or direct:ID:ID
          GET    | /api/v2/rooms/x/members                                    | the room in the path must be a positive whole number
          PUT    | /api/v2/rooms/0/membership                                 | the room in the path must be a positive whole number
          DELETE | /api/v2/rooms/-7/membership                                | the room in the path must be a positive whole number
          DELETE | /api/v2/devices/9223372036854775808                        | the device in the path must be a positive whole number
          """)
  void wrongAddressIsNamed(String method, String path, String detail) {
    problem(api.v2(method, path, "tok", null), 400, "BAD_REQUEST", detail);
  }

  @Test
  void malformedEscapesInTheAddressAreRefused() throws Exception {
    String head = " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nConnection: close\r\n\r\n";
    assertThat(RawHttp.talk(api, "GET /api/v2/rooms/%zz/members" + head))
        .startsWith("HTTP/1.1 400 ")
        .contains("the path of the address is malformed");
    assertThat(RawHttp.talk(api, "GET /api/v2/users?name=%zz" + head))
        .startsWith("HTTP/1.1 400 ")
        .contains("the query of the address is malformed");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v2/logout",
    "GET, /api/v2/devices",
    "DELETE, /api/v2/devices/5",
    "GET, /api/v2/conversations",
    "GET, /api/v2/conversations/room:7/messages",
    "GET, /api/v2/users?name=n",
    "PUT, /api/v2/rooms/7/membership",
    "DELETE, /api/v2/rooms/7/membership",
    "GET, /api/v2/rooms/7/members"
  })
  void tokenIsRequiredInTheHeaderAndLookedForNowhereElse(String method, String path) {
    String elsewhere = path + (path.contains("?") ? "&" : "?") + "token=tok&access_token=tok";
    HttpResponse<String> answer = api.v2(method, elsewhere, null, null);
    problem(answer, 401, "UNAUTHENTICATED", "a header is missing: Authorization: Bearer TOKEN");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic dXNlcjpwYXNz", "Bearer", "Bearer  ", "tok"})
  void otherAuthorizationIsNoToken(String header) {
    HttpRequest.Builder request =
        api.bareRequest("/api/v2/devices").header("Authorization", header).GET();
    assertThat(api.send(request).statusCode()).isEqualTo(401);
  }

  @Test
  void schemeIsTakenInAnyCase() {
    Devices none = Devices.getDefaultInstance();
    try (LogicPeer logic = LogicPeer.answering(api, Addresses.LIST_DEVICES, none)) {
      HttpRequest.Builder request =
          api.bareRequest("/api/v2/devices").header("Authorization", "bearer tok").GET();
      assertThat(api.send(request).body()).isEqualTo("{\"devices\":[]}");
      assertThat(logic.wasAsked()).isTrue();
    }
  }

  @Test
  void bodyOverTheBoundIsRefusedAndTheConnectionStaysUsable() throws Exception {
    String small = "GET /api/v2/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    String big =
        "POST /api/v2/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: 100000\r\n\r\n"
            + "x".repeat(100_000);
    assertThat(RawHttp.talk(api, big + small))
        .startsWith("HTTP/1.1 413 ")
        .contains("the request body is larger than 65536 bytes")
        .contains("HTTP/1.1 404 ");
  }

  @Test
  void bodyThatNeverEndsIsAnsweredAndItsConnectionClosed() throws Exception {
    String part =
        "POST /api/v2/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: 50\r\n\r\n{\"user";
    assertThat(RawHttp.talk(api, part))
        .startsWith("HTTP/1.1 400 ")
        .contains("the request took too long to arrive");
  }

  @Test
  void hostileBytesAreRefused() {
    String deep = "{\"userName\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}";
    assertThat(post("/api/v2/login", deep).statusCode()).isEqualTo(400);
    byte[] invalid = "{\"userName\":\"??\"}".getBytes(StandardCharsets.US_ASCII);
    invalid[13] = (byte) 0xC3;
    invalid[14] = (byte) 0x28;
    HttpRequest.Builder request =
        api.request("/api/v2/login").POST(BodyPublishers.ofByteArray(invalid));
    assertThat(api.send(request).statusCode()).isEqualTo(400);
  }

  @Test
  void preflightNamesWhatPagesMaySend() {
    HttpRequest.Builder request =
        api.bareRequest("/api/v2/messages")
            .header("Origin", "https://chat.example.org")
            .header("Access-Control-Request-Method", "POST")
            .method("OPTIONS", BodyPublishers.noBody());
    HttpResponse<String> answer = api.send(request);
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Headers"))
        .hasValue("Authorization, Content-Type, Idempotency-Key");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Methods"))
        .hasValue("GET, POST, PUT, PATCH, DELETE");
  }

  @Test
  void pagesMayReadProblemsAndWhenToComeBack() {
    HttpResponse<String> answer = api.v2("GET", "/api/v2/devices", null, null);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(answer.headers().firstValue("Access-Control-Expose-Headers"))
        .hasValue("Retry-After, WWW-Authenticate");
  }

  @Test
  void emptyAnswerHasNoBodyAtAll() throws Exception {
    LoggedOut done = LoggedOut.getDefaultInstance();
    try (LogicPeer logic = LogicPeer.answering(api, Addresses.LOGOUT, done)) {
      String answer =
          RawHttp.talk(
              api,
              "POST /api/v2/logout HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\n"
                  + "Connection: close\r\n\r\n");
      assertThat(logic.wasAsked()).isTrue();
      assertThat(answer).startsWith("HTTP/1.1 204 ").endsWith("\r\n\r\n");
      assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("content-length");
    }
  }

  private static HttpResponse<String> post(String path, String body) {
    return api.send(api.request(path).POST(BodyPublishers.ofString(body)));
  }

  private static JsonObject problem(
      HttpResponse<String> answer, int status, String code, String detail) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.fieldNames()).containsAll(FIELDS);
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("code")).isEqualTo(code);
    assertThat(problem.getString("detail")).isEqualTo(detail);
    return problem;
  }
}
