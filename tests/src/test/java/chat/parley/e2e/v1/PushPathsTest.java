package chat.parley.e2e.v1;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.Answer;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1WebSocket;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@RunningParley
class PushPathsTest {

  @Test
  void pushRoomAnswersOkWithEmptyData(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    clients.join(user, room);
    Answer sent = clients.http().pushRoom(user, room, "a text for the room");
    assertThat(sent.status()).isEqualTo(200);
    assertThat(sent.code()).isZero();
    assertThat(sent.message()).isEqualTo("ok");
    assertThat(sent.data().isTextual()).isTrue();
    assertThat(sent.data().asText()).isEmpty();
  }

  @Test
  void pushAnswersOkWithNullDataAndReachesTheUser(Clients clients) {
    User from = clients.newUser();
    User to = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket receiver = clients.join(to, room);
    Answer sent = clients.http().push(from, to.id(), room, "a text for one");
    assertThat(sent.status()).isEqualTo(200);
    assertThat(sent.code()).isZero();
    assertThat(sent.message()).isEqualTo("ok");
    assertThat(sent.data().isNull()).isTrue();
    assertThat(receiver.awaitFrame(V1Client.DIRECT).path("msg").asText())
        .isEqualTo("a text for one");
  }

  @Test
  void countComesBySocketAsOpFour(Clients clients) {
    User user = clients.newUser();
    User other = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(user, room);
    clients.join(other, room);
    Answer asked = clients.http().count(user, room);
    assertThat(asked.code()).isZero();
    assertThat(asked.message()).isEqualTo("ok");
    assertThat(asked.data().asText("none")).isEmpty();
    JsonNode frame = socket.awaitFrame(V1Client.COUNT, count -> count.path("count").asInt() == 2);
    assertThat(frame.size()).as("fields of an op 4 frame").isEqualTo(2);
  }

  @Test
  void memberListComesBySocketAsOpFive(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(user, room);
    int before = socket.frames(V1Client.MEMBERS).size();
    Answer asked = clients.http().roomInfo(user, room);
    assertThat(asked.code()).isZero();
    assertThat(asked.message()).isEqualTo("ok");
    assertThat(asked.data().asText("none")).isEmpty();
    JsonNode frame =
        socket.awaitFrame(
            V1Client.MEMBERS, list -> socket.frames(V1Client.MEMBERS).size() > before);
    assertThat(frame.path("roomId").asLong()).isEqualTo(room);
    assertThat(frame.path("count").asInt()).isEqualTo(1);
    assertThat(frame.path("roomUserInfo").path("" + user.id()).asText()).isEqualTo(user.name());
    assertThat(frame.path("roomUserInfo").size()).isEqualTo(1);
    assertThat(frame.size()).as("fields of an op 5 frame").isEqualTo(4);
  }

  @Test
  void listOfAnEmptyRoomIsAFailure(Clients clients) {
    Answer asked = clients.http().roomInfo(clients.newUser(), Clients.newRoom());
    assertThat(asked.status()).isEqualTo(200);
    assertThat(asked.code()).isEqualTo(1);
    assertThat(asked.message()).isEqualTo("rpc get room info fail!");
  }

  @Test
  void figuresGoToTheCallersOwnSessionsOnly(Clients clients) {
    User caller = clients.newUser();
    User bystander = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket bystanders = clients.join(bystander, room);
    V1WebSocket callers = clients.join(caller, room);
    int before = bystanders.frames(V1Client.COUNT).size();
    int asked = callers.frames(V1Client.COUNT).size();
    clients.http().count(caller, room);
    callers.awaitFrame(V1Client.COUNT, any -> callers.frames(V1Client.COUNT).size() > asked);
    // A message behind it shows that what was to come has come.
    clients.http().pushRoom(caller, room, "behind the figure");
    bystanders.awaitText("behind the figure");
    assertThat(bystanders.frames(V1Client.COUNT)).hasSize(before);
  }

  @ParameterizedTest
  @CsvSource({
    "/push/push, msg",
    "/push/push, toUserId",
    "/push/push, roomId",
    "/push/pushRoom, msg",
    "/push/pushRoom, roomId",
    "/push/count, roomId",
    "/push/getRoomInfo, roomId",
    "/push/history, roomId"
  })
  void missingEmptyOrZeroFieldIsNamed(String path, String missing, Clients clients) {
    User user = clients.newUser();
    Object nothing = missing.equals("roomId") ? (Object) 0 : "";
    for (Object value : new Object[] {null, nothing}) {
      Answer refused =
          clients
              .http()
              .post(
                  path,
                  "authToken",
                  user.token(),
                  "msg",
                  missing.equals("msg") ? value : "some text",
                  "toUserId",
                  missing.equals("toUserId") ? value : "" + user.id(),
                  "roomId",
                  missing.equals("roomId") ? value : (Object) 1);
      assertThat(refused.status()).isEqualTo(200);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.message()).containsIgnoringCase(missing);
    }
  }
}
