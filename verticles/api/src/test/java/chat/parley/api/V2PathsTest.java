package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.ConversationList;
import chat.parley.proto.Device;
import chat.parley.proto.DeviceRevoked;
import chat.parley.proto.Devices;
import chat.parley.proto.FindUser;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.LeaveRoom;
import chat.parley.proto.ListConversations;
import chat.parley.proto.ListDevices;
import chat.parley.proto.LoggedOut;
import chat.parley.proto.Login;
import chat.parley.proto.Logout;
import chat.parley.proto.ReadHistory;
import chat.parley.proto.ReadMembers;
import chat.parley.proto.Register;
import chat.parley.proto.RenameDevice;
import chat.parley.proto.RevokeDevice;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.RoomMember;
import chat.parley.proto.RoomMembers;
import chat.parley.proto.SessionKind;
import chat.parley.proto.SessionOpened;
import chat.parley.proto.Standing;
import chat.parley.proto.UserFound;
import com.google.protobuf.Message;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each path but that of sending: which message it becomes, and what its answer looks like. */
class V2PathsTest {
  private static final long BIG = 9_007_199_254_740_993L;
  private static final SessionOpened OPENED =
      SessionOpened.newBuilder()
          .setToken("new-token")
          .setIdentity(
              Identity.newBuilder().setUserId(3).setUserName("ann").setDeviceId(BIG).build())
          .build();
  private static final String OPENED_JSON =
      """
      {"token":"new-token","userId":"3","userName":"ann","deviceId":"9007199254740993"}""";

  private static ApiUnderTest api;

  @BeforeAll
  static void start() {
    api = new ApiUnderTest(new JsonObject());
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void registerMakesAnAccountWithItsFirstDevice() {
    Register wanted =
        Register.newBuilder()
            .setUserName("ann")
            .setPassword("secret")
            .setKind(SessionKind.SESSION_KIND_DEVICE)
            .setDeviceName("laptop")
            .setClientAddress("127.0.0.1")
            .build();
    JsonObject body =
        json("{'userName':'ann','password':'secret','device':{'name':'laptop'},'new':[1]}");
    try (LogicPeer logic = LogicPeer.answering(api, Addresses.REGISTER, OPENED)) {
      HttpResponse<String> answer = api.v2("POST", "/api/v2/register", null, body);
      assertThat(logic.asked()).isEqualTo(wanted);
      assertAnswer(answer, 201, OPENED_JSON);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'name':'laptop'}                             | 0                | laptop
          {'id':'9007199254740993'}                     | 9007199254740993 | ""
          {'id':9007199254740993,'name':'laptop'}       | 9007199254740993 | laptop
          {'id':null,'name':'laptop'}                   | 0                | laptop
          """)
  void loginOpensASessionOfADevice(String device, long id, String name) {
    Login wanted =
        Login.newBuilder()
            .setUserName("ann")
            .setPassword("secret")
            .setKind(SessionKind.SESSION_KIND_DEVICE)
            .setDeviceId(id)
            .setDeviceName(name)
            .setClientAddress("127.0.0.1")
            .build();
    JsonObject body = json("{'userName':'ann','password':'secret'}").put("device", json(device));
    try (LogicPeer logic = LogicPeer.answering(api, Addresses.LOGIN, OPENED)) {
      HttpResponse<String> answer = api.v2("POST", "/api/v2/login", null, body);
      assertThat(logic.asked()).isEqualTo(wanted);
      assertAnswer(answer, 200, OPENED_JSON);
    }
  }

  @Test
  void logoutEndsTheSession() {
    assertDone(
        "POST",
        "/api/v2/logout",
        Addresses.LOGOUT,
        Logout.newBuilder().setToken("tok").build(),
        LoggedOut.getDefaultInstance());
  }

  @Test
  void devicesAreListed() {
    Devices devices =
        Devices.newBuilder()
            .addDevices(device("laptop").setCurrent(true))
            .addDevices(Device.newBuilder().setDeviceId(6).setName("bot"))
            .build();
    assertAsked(
        "/api/v2/devices",
        Addresses.LIST_DEVICES,
        ListDevices.newBuilder().setToken("tok").build(),
        devices,
        """
        {"devices":[
          {"deviceId":"5","name":"laptop","createdAt":"1767225600000","seenAt":"1767225600001",
           "current":true},
          {"deviceId":"6","name":"bot","createdAt":"0","seenAt":"0","current":false}]}""");
  }

  @Test
  void deviceIsRenamed() {
    RenameDevice wanted =
        RenameDevice.newBuilder().setToken("tok").setDeviceId(5).setName("desk").build();
    try (LogicPeer logic =
        LogicPeer.answering(api, Addresses.RENAME_DEVICE, device("desk").build())) {
      HttpResponse<String> answer =
          api.v2("PATCH", "/api/v2/devices/5", "tok", new JsonObject().put("name", "desk"));
      assertThat(logic.asked()).isEqualTo(wanted);
      assertAnswer(
          answer,
          200,
          """
          {"deviceId":"5","name":"desk","createdAt":"1767225600000","seenAt":"1767225600001",
           "current":false}""");
    }
  }

  @Test
  void deviceIsRevoked() {
    assertDone(
        "DELETE",
        "/api/v2/devices/5",
        Addresses.REVOKE_DEVICE,
        RevokeDevice.newBuilder().setToken("tok").setDeviceId(5).build(),
        DeviceRevoked.getDefaultInstance());
  }

  @Test
  void conversationsAreListedWithHeadAndCursor() {
    ConversationList list =
        ConversationList.newBuilder()
            .addStandings(Standing.newBuilder().setConversation("room:7").setHead(9).setAfter(4))
            .build();
    assertAsked(
        "/api/v2/conversations",
        Addresses.CONVERSATIONS,
        ListConversations.newBuilder().setToken("tok").build(),
        list,
        """
        {"conversations":[{"conversation":"room:7","head":"9","cursor":"4"}]}""");
  }

  @Test
  void historyOfADirectConversationNamesBothUsers() {
    ChatMessage.Builder message =
        message("hello \"☺\"").setRecipientId(9).setRecipientName("bob").setClientMessageId("own");
    assertAsked(
        "/api/v2/conversations/direct:3:9/messages?after=0&limit=1",
        Addresses.HISTORY,
        ReadHistory.newBuilder()
            .setToken("tok")
            .setConversation("direct:3:9")
            .setAfter(0)
            .setLimit(1)
            .build(),
        HistoryPage.newBuilder().addMessages(message).setHasMore(true).build(),
        """
        {"hasMore":true,"messages":[{"seq":"8","id":"9007199254740993",
          "acceptedAt":"1767225600000","senderId":"3","senderName":"ann","recipientId":"9",
          "recipientName":"bob","text":"hello \\"☺\\""}]}""");
  }

  @Test
  void historyOfARoomHasNoRecipient() {
    assertAsked(
        "/api/v2/conversations/room%3A7/messages?before=9",
        Addresses.HISTORY,
        ReadHistory.newBuilder().setToken("tok").setConversation("room:7").setBefore(9).build(),
        HistoryPage.newBuilder().addMessages(message("hello")).build(),
        """
        {"hasMore":false,"messages":[{"seq":"8","id":"9007199254740993",
          "acceptedAt":"1767225600000","senderId":"3","senderName":"ann","text":"hello"}]}""");
  }

  @Test
  void hugeLimitIsTheServersToBound() {
    assertAsked(
        "/api/v2/conversations/room:7/messages?limit=99999999999",
        Addresses.HISTORY,
        ReadHistory.newBuilder()
            .setToken("tok")
            .setConversation("room:7")
            .setLimit(Integer.MAX_VALUE)
            .build(),
        HistoryPage.getDefaultInstance(),
        """
        {"hasMore":false,"messages":[]}""");
  }

  @Test
  void userIsFoundByName() {
    assertAsked(
        "/api/v2/users?name=bob%20%26+co%E2%98%BA;x",
        Addresses.FIND_USER,
        FindUser.newBuilder().setToken("tok").setUserName("bob & co☺;x").build(),
        UserFound.newBuilder()
            .setUserId(9)
            .setUserName("bob & co☺;x")
            .setConversation("direct:3:9")
            .build(),
        """
        {"userId":"9","userName":"bob & co☺;x","conversation":"direct:3:9"}""");
  }

  @Test
  void roomIsJoined() {
    JoinRoom wanted = JoinRoom.newBuilder().setToken("tok").setRoomId(7).build();
    RoomJoined joined = RoomJoined.newBuilder().setHead(9).setAfter(4).build();
    try (LogicPeer logic = LogicPeer.answering(api, Addresses.JOIN_ROOM, joined)) {
      HttpResponse<String> answer = api.v2("PUT", "/api/v2/rooms/7/membership", "tok", null);
      assertThat(logic.asked()).isEqualTo(wanted);
      assertAnswer(
          answer,
          200,
          """
          {"roomId":"7","conversation":"room:7","head":"9","after":"4"}""");
    }
  }

  @Test
  void roomIsLeft() {
    assertDone(
        "DELETE",
        "/api/v2/rooms/7/membership",
        Addresses.LEAVE_ROOM,
        LeaveRoom.newBuilder().setToken("tok").setRoomId(7).build(),
        RoomLeft.getDefaultInstance());
  }

  @Test
  void membersAreListed() {
    assertAsked(
        "/api/v2/rooms/7/members",
        Addresses.MEMBERS,
        ReadMembers.newBuilder().setToken("tok").setRoomId(7).build(),
        RoomMembers.newBuilder()
            .setCount(2)
            .addMembers(RoomMember.newBuilder().setUserId(3).setUserName("ann"))
            .build(),
        """
        {"count":2,"members":[{"userId":"3","userName":"ann"}]}""");
  }

  private static void assertAsked(
      String path, String address, Message wanted, Message answer, String json) {
    try (LogicPeer logic = LogicPeer.answering(api, address, answer)) {
      HttpResponse<String> got = api.v2("GET", path, "tok", null);
      assertThat(logic.asked()).isEqualTo(wanted);
      assertAnswer(got, 200, json);
    }
  }

  private static void assertDone(
      String method, String path, String address, Message wanted, Message answer) {
    try (LogicPeer logic = LogicPeer.answering(api, address, answer)) {
      HttpResponse<String> got = api.v2(method, path, "tok", null);
      assertThat(logic.asked()).isEqualTo(wanted);
      assertThat(got.statusCode()).isEqualTo(204);
      assertThat(got.body()).isEmpty();
    }
  }

  private static void assertAnswer(HttpResponse<String> answer, int status, String json) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject(json));
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  private static Device.Builder device(String name) {
    return Device.newBuilder()
        .setDeviceId(5)
        .setName(name)
        .setCreatedAt(1_767_225_600_000L)
        .setSeenAt(1_767_225_600_001L);
  }

  private static ChatMessage.Builder message(String text) {
    return ChatMessage.newBuilder()
        .setSeq(8)
        .setId(BIG)
        .setAcceptedAt(1_767_225_600_000L)
        .setSenderId(3)
        .setSenderName("ann")
        .setText(text);
  }

  private static JsonObject json(String singleQuoted) {
    return new JsonObject(singleQuoted.replace('\'', '"'));
  }
}
