package chat.parley.e2e.v1;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.Answer;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RunningParley
class TcpWireTest {

  @Test
  void joinedConnectionGetsAndSendsRoomMessages(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp tcp = clients.joinTcp(user, room);
    tcp.say(user.token(), room, "said by tcp");
    JsonNode frame = tcp.awaitText("said by tcp");
    assertThat(frame.path("op").asInt()).isEqualTo(3);
    assertThat(frame.path("fromUserId").asLong()).isEqualTo(user.id());
    assertThat(frame.path("fromUserName").asText()).isEqualTo(user.name());
    assertThat(frame.path("roomId").asLong()).isEqualTo(room);
  }

  @Test
  void bothPortsServe(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp first = clients.joinTcp(user, room);
    try (V1Tcp second = new V1Tcp(clients.endpoints().secondTcp())) {
      second.join(user.token(), room);
      clients.awaitJoined(second, user, room);
      second.say(user.token(), room, "from port to port");
      first.awaitText("from port to port");
    }
  }

  @Test
  void bodiesAreThoseOfTheWebSocket(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(user, room);
    V1Tcp tcp = clients.joinTcp(user, room);
    clients.http().pushRoom(user, room, "the same bytes, \u00fcml\u00e4ut too");
    JsonNode bySocket = socket.awaitFrame(V1Client.ROOM);
    JsonNode byTcp = tcp.awaitFrame(V1Client.ROOM);
    assertThat(byTcp).isEqualTo(bySocket);
  }

  @Test
  void webSocketAndTcpMembersHearEachOther(Clients clients) {
    User web = clients.newUser();
    User terminal = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(web, room);
    V1Tcp tcp = clients.joinTcp(terminal, room);
    clients.http().pushRoom(web, room, "hello terminal");
    tcp.awaitText("hello terminal");
    tcp.say(terminal.token(), room, "hello web");
    socket.awaitText("hello web");
    clients.http().push(web, terminal.id(), room, "only for the terminal");
    assertThat(tcp.awaitFrame(V1Client.DIRECT).path("msg").asText())
        .isEqualTo("only for the terminal");
    assertThat(socket.frames(V1Client.DIRECT)).isEmpty();
  }

  @Test
  void framesMayArriveByteByByte(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp tcp = clients.tcp();
    for (byte b :
        V1Tcp.frame(Json.of("op", 6, "authToken", user.token(), "roomId", room).toString())) {
      tcp.sendBytes(b);
    }
    clients.awaitJoined(tcp, user, room);
  }

  @Test
  void framesMayArriveJoined(Clients clients) throws Exception {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp tcp = clients.tcp();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(V1Tcp.frame(join(user, room)));
    for (int n = 1; n <= 20; n++) {
      all.write(V1Tcp.frame(say(user, room, "joined frame " + n)));
    }
    byte[] last = V1Tcp.frame(say(user, room, "split frame"));
    all.write(last, 0, 3);
    tcp.sendBytes(all.toByteArray());
    tcp.awaitText("joined frame 20");
    tcp.sendBytes(Arrays.copyOfRange(last, 3, last.length));
    tcp.awaitText("split frame");
    assertThat(tcp.texts().subList(0, 20))
        .isEqualTo(IntStream.rangeClosed(1, 20).mapToObj(n -> "joined frame " + n).toList());
  }

  @Test
  void fieldsOfAnOutgoingMessageMayStandInWhatComesIn(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp tcp = clients.tcp();
    tcp.send(
        Json.of(
            "code",
            0,
            "msg",
            "",
            "fromUserId",
            0,
            "fromUserName",
            "",
            "toUserId",
            0,
            "toUserName",
            "",
            "roomId",
            room,
            "op",
            6,
            "createTime",
            "",
            "authToken",
            user.token()));
    clients.awaitJoined(tcp, user, room);
  }

  @Test
  void otherOpsAreIgnored(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp tcp = clients.joinTcp(user, room);
    for (int op : new int[] {0, 2, 4, 5, 7, 99, -1}) {
      tcp.send(Json.of("op", op, "authToken", user.token(), "roomId", room, "msg", "ignored"));
    }
    tcp.say(user.token(), room, "after the ignored ones");
    tcp.awaitText("after the ignored ones");
    assertThat(tcp.texts()).containsExactly("after the ignored ones");
    assertThat(tcp.isOpen()).isTrue();
  }

  @Test
  void emptyOrUnknownTokenOrNoRoomCloses(Clients clients) {
    User user = clients.newUser();
    assertCloses(clients, "", 1);
    assertCloses(clients, "no-such-token-no-such-token-no-such-token-no", 1);
    assertCloses(clients, user.token(), 0);
    assertCloses(clients, user.token(), -5);
  }

  private static void assertCloses(Clients clients, String token, long room) {
    V1Tcp tcp = clients.tcp();
    tcp.join(token, room);
    tcp.awaitClose();
    V1Tcp speaker = clients.tcp();
    speaker.say(token, room, "from nobody");
    speaker.awaitClose();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "763100000a",
        "763100010a",
        "763100047b7d",
        "7631ffff78",
        "763180007b7d",
        "5631000678787878",
        "763200067b7d",
        "474554202f20485454502f312e310d0a0d0a",
        "763100067b5d",
        "7631000631 31",
        "76310008ffffffff"
      })
  void brokenFrameClosesThatConnectionAndNoOther(String hex, Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp bystander = clients.joinTcp(user, room);
    V1Tcp hostile = clients.tcp();
    hostile.sendBytes(java.util.HexFormat.of().parseHex(hex.replace(" ", "")));
    hostile.awaitClose();
    bystander.say(user.token(), room, "still here");
    bystander.awaitText("still here");
  }

  @Test
  void whatWouldNotFitAFrameIsRefusedAtTheSender(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp tcp = clients.joinTcp(user, room);
    for (String text : new String[] {"x".repeat(32_768), "\"".repeat(17_000)}) {
      Answer refused = clients.http().pushRoom(user, room, text);
      assertThat(refused.status()).isEqualTo(200);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.message()).containsPattern("too (long|large)|larger");
    }
    clients.http().pushRoom(user, room, "a small one goes");
    tcp.awaitText("a small one goes");
    assertThat(tcp.texts()).containsExactly("a small one goes");
  }

  @Test
  void whoHasNotJoinedInTimeIsClosed(Clients clients) {
    clients.tcp().awaitClose();
  }

  private static String join(User user, long room) {
    return Json.of("op", 6, "authToken", user.token(), "roomId", room).toString();
  }

  private static String say(User user, long room, String text) {
    return Json.of("op", 3, "authToken", user.token(), "roomId", room, "msg", text).toString();
  }
}
