package chat.parley.e2e.v1;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.History;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.RawWebSocket;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Client.Closed;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1WebSocket;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RunningParley
class WebSocketWireTest {
  private static final Set<String> MESSAGE_FIELDS =
      Set.of(
          "code",
          "msg",
          "fromUserId",
          "fromUserName",
          "toUserId",
          "toUserName",
          "roomId",
          "op",
          "createTime");

  private static Set<String> fieldsOf(JsonNode frame) {
    Set<String> names = new TreeSet<>();
    frame.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void assertMessageFrame(JsonNode frame, User from, long room, String text) {
    assertThat(fieldsOf(frame)).isEqualTo(new TreeSet<>(MESSAGE_FIELDS));
    assertThat(frame.path("code").isInt()).isTrue();
    assertThat(frame.path("code").asInt()).isZero();
    assertThat(frame.path("msg").asText()).isEqualTo(text);
    assertThat(frame.path("fromUserId").isIntegralNumber()).isTrue();
    assertThat(frame.path("fromUserId").asLong()).isEqualTo(from.id());
    assertThat(frame.path("fromUserName").asText()).isEqualTo(from.name());
    assertThat(frame.path("toUserId").isIntegralNumber()).isTrue();
    assertThat(frame.path("toUserName").isTextual()).isTrue();
    assertThat(frame.path("roomId").asLong()).isEqualTo(room);
    assertThat(frame.path("createTime").asText())
        .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
  }

  @Test
  void firstFrameJoinsTheRoomWithoutAReply(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(user, room);
    // Figures and lists come by themselves or were asked for; nothing else may.
    assertThat(socket.raw())
        .allSatisfy(
            frame ->
                assertThat(Json.parse(frame).path("op").asInt())
                    .isIn(V1Client.COUNT, V1Client.MEMBERS));
  }

  @Test
  void roomMessageIsAnOpThreeFrameToEverybodyTheSenderToo(Clients clients) {
    User from = clients.newUser();
    User other = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket senders = clients.join(from, room);
    V1WebSocket others = clients.join(other, room);
    String text = "quotes \" and \\ and <b>, \u00fcml\u00e4ut, \ud83d\udc1d, tab\t, line\n";
    clients.http().pushRoom(from, room, text);
    for (V1WebSocket socket : List.of(senders, others)) {
      JsonNode frame = socket.awaitFrame(V1Client.ROOM);
      assertMessageFrame(frame, from, room, text);
      assertThat(frame.path("toUserId").asLong()).isZero();
      assertThat(frame.path("toUserName").asText()).isEmpty();
    }
  }

  @Test
  void directMessageIsAnOpTwoFrameToTheRecipientsSessionsOnly(Clients clients) {
    User from = clients.newUser();
    User to = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket senders = clients.join(from, room);
    V1WebSocket first = clients.join(to, room);
    V1WebSocket second = clients.join(to, Clients.newRoom());
    clients.http().push(from, to.id(), room, "between us two");
    for (V1WebSocket socket : List.of(first, second)) {
      JsonNode frame = socket.awaitFrame(V1Client.DIRECT);
      assertMessageFrame(frame, from, room, "between us two");
      assertThat(frame.path("toUserId").asLong()).isEqualTo(to.id());
      assertThat(frame.path("toUserName").asText()).isEqualTo(to.name());
    }
    clients.http().pushRoom(from, room, "behind it");
    senders.awaitText("behind it");
    assertThat(senders.frames(V1Client.DIRECT)).isEmpty();
  }

  @Test
  void messagesStayInTheirRoom(Clients clients) {
    User here = clients.newUser();
    User elsewhere = clients.newUser();
    long room = Clients.newRoom();
    long otherRoom = Clients.newRoom();
    clients.join(here, room);
    V1WebSocket outsider = clients.join(elsewhere, otherRoom);
    clients.http().pushRoom(here, room, "not for the other room");
    Eventually.eventually(
        "the message in the history",
        () -> History.of(clients.http(), here, room).texts().size() == 1);
    clients.http().pushRoom(elsewhere, otherRoom, "for the other room");
    outsider.awaitText("for the other room");
    assertThat(outsider.texts()).containsExactly("for the other room");
  }

  @Test
  void joinsAndLeavesSendTheListToTheRoom(Clients clients) {
    User stays = clients.newUser();
    User comes = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(stays, room);
    V1WebSocket visitor = clients.join(comes, room);
    JsonNode both =
        socket.awaitFrame(V1Client.MEMBERS, list -> list.path("roomUserInfo").has("" + comes.id()));
    assertThat(fieldsOf(both)).containsExactly("count", "op", "roomId", "roomUserInfo");
    assertThat(both.path("count").asInt()).isEqualTo(2);
    assertThat(both.path("roomUserInfo").path("" + comes.id()).asText()).isEqualTo(comes.name());
    visitor.leave();
    Eventually.eventually(
        "a list without the one who left",
        () -> {
          List<JsonNode> lists = socket.frames(V1Client.MEMBERS);
          return !lists.get(lists.size() - 1).path("roomUserInfo").has("" + comes.id());
        });
  }

  @Test
  void theSameFrameAgainChangesTheRoom(Clients clients) {
    User user = clients.newUser();
    User speaker = clients.newUser();
    long first = Clients.newRoom();
    long second = Clients.newRoom();
    clients.join(speaker, first);
    V1WebSocket speakers = clients.join(speaker, second);
    V1WebSocket socket = clients.join(user, first);
    socket.join(user.token(), second);
    clients.awaitJoined(socket, user, second);
    clients.http().pushRoom(speaker, first, "to the room left behind");
    Eventually.eventually(
        "the message in the history",
        () -> History.of(clients.http(), speaker, first).texts().size() == 1);
    clients.http().pushRoom(speaker, second, "to the new room");
    socket.awaitText("to the new room");
    speakers.awaitText("to the new room");
    assertThat(socket.texts()).containsExactly("to the new room");
  }

  @Test
  void unknownTokenClosesWithCodeAndReason(Clients clients) {
    V1WebSocket socket = clients.webSocket();
    socket.join("no-such-token-no-such-token-no-such-token-no", 1);
    assertRefused(socket.awaitClose());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "not json",
        "[]",
        "null",
        "{\"roomId\":1}",
        "{\"authToken\":\"\",\"roomId\":1}",
        "{\"authToken\":7,\"roomId\":\"x\"}",
        "{\"authToken\":{\"a\":[]},\"roomId\":1}"
      })
  void badFirstFrameClosesWithCodeAndReason(String frame, Clients clients) {
    V1WebSocket socket = clients.webSocket();
    socket.send(frame);
    assertRefused(socket.awaitClose());
  }

  @Test
  void roomThatIsNoneClosesWithCodeAndReason(Clients clients) {
    User user = clients.newUser();
    for (long room : new long[] {0, -1}) {
      V1WebSocket socket = clients.webSocket();
      socket.join(user.token(), room);
      assertRefused(socket.awaitClose());
    }
  }

  @Test
  void whoHasNotJoinedInTimeIsClosedWithCodeAndReason(Clients clients) {
    V1WebSocket silent = clients.webSocket();
    assertRefused(silent.awaitClose());
  }

  @Test
  void anotherPathIsNoWebSocket(Clients clients) {
    try (RawWebSocket socket = new RawWebSocket(clients.endpoints().ws(), "/other")) {
      assertThat(socket.status()).isBetween(400, 499);
    }
  }

  @Test
  void frameOverTheLimitClosesThatConnectionAndNoOther(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket bystander = clients.join(user, room);
    V1WebSocket big = clients.webSocket();
    big.send("{\"authToken\":\"" + "x".repeat(300_000) + "\",\"roomId\":1}");
    big.awaitClose();
    clients.http().pushRoom(user, room, "still here");
    bystander.awaitText("still here");
  }

  @Test
  void logoutClosesTheSessionsSockets(Clients clients) {
    User user = clients.newUser();
    V1WebSocket socket = clients.join(user, Clients.newRoom());
    clients.http().logout(user.token());
    assertRefused(socket.awaitClose());
  }

  private static void assertRefused(Closed closed) {
    assertThat(closed.code()).as("close code, reason '%s'", closed.reason()).isBetween(1000, 4999);
    assertThat(closed.code()).isNotIn(1005, 1006, 1011);
    assertThat(closed.reason()).isNotBlank();
  }
}
