package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.Identity;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sending: the key of a message, and its targets. */
class V2SendTest {
  private static final SendAck ACK =
      SendAck.newBuilder()
          .setConversation("room:7")
          .setSeq(8)
          .setId(9_007_199_254_740_993L)
          .setAcceptedAt(1_767_225_600_000L)
          .setRepeated(true)
          .build();
  private static final Identity USER_3 =
      Identity.newBuilder().setUserId(3).setUserName("ann").build();

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
  @ValueSource(
      strings = {"{'roomId':7}", "{'roomId':'7'}", "{'conversation':'room:7','toUserId':null}"})
  void messageToARoomIsAlwaysLookedUpAsARepeatOfItsKey(String target) {
    try (LogicPeer logic = LogicPeer.answering(api, Addresses.SEND, ACK)) {
      HttpResponse<String> answer = send("key-1", json(target).put("text", "hello"));
      assertThat(logic.asked()).isEqualTo(message().setRoomId(7).build());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(answer.body()))
          .isEqualTo(
              new JsonObject(
                  """
                  {"clientMessageId":"key-1","conversation":"room:7","seq":"8",
                   "id":"9007199254740993","acceptedAt":"1767225600000","repeated":true}"""));
    }
  }

  @Test
  void messageToAUserAsksOnce() {
    try (LogicPeer logic = LogicPeer.answering(api, Addresses.SEND, ACK)) {
      HttpResponse<String> answer = send("key-1", json("{'toUserId':'9','text':'hello'}"));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(logic.asked()).isEqualTo(message().setToUserId(9).build());
    }
  }

  @ParameterizedTest
  @CsvSource({"direct:3:9, 9", "direct:1:3, 1", "direct:3:3, 3"})
  void directConversationIsSentToTheOtherOfItsTwo(String conversation, long peer) {
    try (LogicPeer auth = LogicPeer.answering(api, Addresses.CHECK_AUTH, USER_3);
        LogicPeer logic = LogicPeer.answering(api, Addresses.SEND, ACK)) {
      HttpResponse<String> answer =
          send("key-1", json("{'text':'hello'}").put("conversation", conversation));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(auth.asked()).isEqualTo(CheckAuth.newBuilder().setToken("tok").build());
      assertThat(logic.asked()).isEqualTo(message().setToUserId(peer).build());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct:1:9", "direct:9:3", "direct:3", "direct:3:x", "direct:03:9"})
  void conversationOfOthersIsForbidden(String conversation) {
    try (LogicPeer auth = LogicPeer.answering(api, Addresses.CHECK_AUTH, USER_3);
        LogicPeer logic = LogicPeer.answering(api, Addresses.SEND, ACK)) {
      HttpResponse<String> answer =
          send("key-1", json("{'text':'hello'}").put("conversation", conversation));
      assertProblem(answer, 403, "conversation is none of yours");
      assertThat(auth.wasAsked()).isTrue();
      assertThat(logic.wasAsked()).isFalse();
    }
  }

  @Test
  void unknownTokenIsFoundBeforeTheConversation() {
    ChatError unknown = new ChatError(ErrorCode.UNAUTHENTICATED, "Session error");
    try (LogicPeer auth = LogicPeer.failing(api, Addresses.CHECK_AUTH, unknown)) {
      assertProblem(
          send("key-1", json("{'text':'hello','conversation':'direct:3:9'}")),
          401,
          "Session error");
      assertThat(auth.wasAsked()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'text':'m'}                                  | one of roomId, toUserId and conversation is required
          {'text':'m','roomId':7,'toUserId':9}          | one of roomId, toUserId and conversation is required
          {'roomId':7}                                  | text is required
          {'roomId':7,'text':''}                        | text is required
          {'roomId':7,'text':1}                         | text must be a string
          {'roomId':0,'text':'m'}                       | roomId must be a positive whole number
          {'roomId':'','text':'m'}                      | roomId must be a positive whole number
          {'roomId':-7,'text':'m'}                      | roomId must be a positive whole number
          {'roomId':7.5,'text':'m'}                     | roomId must be a positive whole number
          {'roomId':true,'text':'m'}                    | roomId must be a positive whole number
          {'toUserId':[9],'text':'m'}                   | toUserId must be a positive whole number
          {'toUserId':'9223372036854775808','text':'m'} | toUserId must be a positive whole number
          {'toUserId':9223372036854775808,'text':'m'}   | toUserId must be a positive whole number
          {'conversation':7,'text':'m'}                 | conversation must be a string
          {'conversation':'','text':'m'}                | conversation is required
          {'conversation':'group:7','text':'m'}         | conversation must be room:ID or direct:ID:ID
          {'conversation':'room:07','text':'m'}         | conversation must be room:ID or direct:ID:ID
          """)
  void whatIsWrongIsNamed(String body, String detail) {
    assertProblem(send("key-1", json(body)), 400, detail);
  }

  @Test
  void keyIsRequired() {
    HttpResponse<String> answer =
        api.v2("POST", "/api/v2/messages", "tok", json("{'roomId':7,'text':'m'}"));
    assertProblem(answer, 400, "a header is missing: Idempotency-Key, the name of this message");
  }

  @Test
  void keyIsOfVisibleCharactersAndBounded() {
    JsonObject body = json("{'roomId':7,'text':'m'}");
    String detail = "Idempotency-Key must be 1 to 128 visible ASCII characters";
    assertProblem(send("k".repeat(129), body), 400, detail);
    assertProblem(send("two words", body), 400, detail);
    try (LogicPeer logic = LogicPeer.answering(api, Addresses.SEND, ACK)) {
      assertThat(send("k".repeat(128), body).statusCode()).isEqualTo(200);
      assertThat(logic.wasAsked()).isTrue();
    }
  }

  private static HttpResponse<String> send(String key, JsonObject body) {
    return api.send(
        api.request("/api/v2/messages")
            .header("Authorization", "Bearer tok")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body.encode())));
  }

  private static SendMessage.Builder message() {
    return SendMessage.newBuilder()
        .setToken("tok")
        .setText("hello")
        .setClientMessageId("key-1")
        .setResend(true);
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String detail) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(new JsonObject(answer.body()).getString("detail")).isEqualTo(detail);
  }

  private static JsonObject json(String singleQuoted) {
    return new JsonObject(singleQuoted.replace('\'', '"'));
  }
}
