package chat.parley.e2e.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V2Client;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Answer;
import chat.parley.e2e.support.V2Http.Login;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Position;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many devices a user, each with a session and cursors of its own. */
@RunningParley
class DevicesTest {

  private static void assertEnded(V2Client client, Goodbye.Code code) {
    Goodbye goodbye = client.awaitGoodbye();
    assertThat(goodbye.getCode()).isEqualTo(code);
    assertThat(goodbye.getReconnect()).isFalse();
    assertThat(goodbye.getReason()).isNotBlank();
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void newConnectionOfADeviceReplacesTheOldOneAndNoOtherDevices(Carrier carrier, Clients clients) {
    Login phone = clients.v2().newUser();
    Login laptop = clients.v2().anotherDevice(phone, "laptop");
    V2Client other = clients.open(carrier, laptop);
    V2Client before = clients.open(carrier, phone);
    V2Client after = clients.open(carrier, phone);
    assertEnded(before, Goodbye.Code.REPLACED);
    talk(after, other);
  }

  @Test
  void newLoginOfADeviceReplacesItsConnectionAndNoOtherDevices(Clients clients) {
    Login phone = clients.v2().newUser();
    Login laptop = clients.v2().anotherDevice(phone, "laptop");
    V2Client other = clients.open(Carrier.TCP, laptop);
    V2Client before = clients.open(Carrier.WEB_SOCKET_PROTOBUF, phone);
    Login again = clients.v2().again(phone);
    assertThat(again.deviceId()).isEqualTo(phone.deviceId());
    assertEnded(before, Goodbye.Code.REPLACED);
    V2Client refused = clients.connect(Carrier.WEB_SOCKET_JSON);
    refused.say(V2Client.hello(phone.token()));
    assertEnded(refused, Goodbye.Code.UNAUTHENTICATED);
    talk(clients.open(Carrier.WEB_SOCKET_PROTOBUF, again), other);
  }

  @Test
  void loginByV1LeavesTheDevicesAlone(Clients clients) {
    Login phone = clients.v2().newUser();
    Login laptop = clients.v2().anotherDevice(phone, "laptop");
    V2Client one = clients.open(Carrier.WEB_SOCKET_PROTOBUF, phone);
    V2Client other = clients.open(Carrier.TCP, laptop);
    String password = V2Http.passwordOf(phone.userName());
    assertThat(clients.http().login(phone.userName(), password).ok()).isTrue();
    assertThat(clients.http().login(phone.userName(), password).ok()).isTrue();
    talk(one, other);
  }

  @Test
  void revokedDeviceIsSentAwayAndItsTokenIsNoMore(Clients clients) {
    Login phone = clients.v2().newUser();
    Login lost = clients.v2().anotherDevice(phone, "lost");
    V2Client kept = clients.open(Carrier.WEB_SOCKET_JSON, phone);
    V2Client gone = clients.open(Carrier.TCP, lost);
    assertThat(clients.v2().revoke(phone.token(), lost.deviceId()).status()).isEqualTo(204);
    assertEnded(gone, Goodbye.Code.REVOKED);
    V2Client again = clients.connect(Carrier.TCP);
    again.say(V2Client.hello(lost.token()));
    assertEnded(again, Goodbye.Code.UNAUTHENTICATED);
    assertThat(names(clients.v2().devices(phone.token()))).containsExactly("first");
    talk(kept, kept);
  }

  @Test
  void nobodyRevokesTheDeviceOfSomebodyElse(Clients clients) {
    Login victim = clients.v2().newUser();
    Login stranger = clients.v2().newUser();
    V2Client client = clients.open(Carrier.TCP, victim);
    Answer answer = clients.v2().revoke(stranger.token(), victim.deviceId());
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.code()).isEqualTo("NOT_FOUND");
    talk(client, client);
  }

  @Test
  void logoutEndsTheDevicesConnectionAndNoOtherDevices(Clients clients) {
    Login phone = clients.v2().newUser();
    Login laptop = clients.v2().anotherDevice(phone, "laptop");
    V2Client other = clients.open(Carrier.TCP, laptop);
    V2Client gone = clients.open(Carrier.WEB_SOCKET_JSON, phone);
    assertThat(clients.v2().logout(phone.token()).status()).isEqualTo(204);
    assertEnded(gone, Goodbye.Code.LOGGED_OUT);
    assertThat(clients.v2().devices(phone.token()).status()).isEqualTo(401);
    talk(other, other);
  }

  @Test
  void devicesAreListedWithTheirNames(Clients clients) {
    Login phone = clients.v2().newUser();
    Login laptop = clients.v2().anotherDevice(phone, "laptop");
    Answer listed = clients.v2().devices(laptop.token());
    assertThat(names(listed)).containsExactlyInAnyOrder("first", "laptop");
    for (JsonNode device : listed.body().path("devices")) {
      boolean mine = device.path("deviceId").asText().equals("" + laptop.deviceId());
      assertThat(device.path("current").asBoolean()).isEqualTo(mine);
    }
  }

  private static List<String> names(Answer devices) {
    return devices.body().path("devices").findValuesAsText("name");
  }

  @Test
  void eachDeviceGoesOnFromWhereItStopped(Clients clients) {
    Login phone = clients.v2().newUser();
    Login laptop = clients.v2().anotherDevice(phone, "laptop");
    Login friend = clients.v2().newUser();
    String conversation = Rooms.direct(phone.userId(), friend.userId());
    V2Client sender = clients.open(Carrier.TCP, friend);
    for (int n = 1; n <= 5; n++) {
      sender.sendAndAwait(n, Rooms.messageTo(phone.userId(), "number " + n + " of five"));
    }
    acknowledge(clients, phone, conversation, 5, 3);
    acknowledge(clients, laptop, conversation, 5, 5);
    Eventually.eventually(
        "the phone to begin behind 3", () -> begins(clients, phone, conversation, 4L));
    // Cursors are written behind, each in its time.
    Eventually.eventually(
        "the laptop to have nothing left",
        () -> clients.open(Carrier.WEB_SOCKET_PROTOBUF, laptop).seqs(conversation).isEmpty());
  }

  /** Connects, waits for all there is, acknowledges a part and says goodbye. */
  private static void acknowledge(
      Clients clients, Login device, String conversation, long expected, long seq) {
    V2Client client = clients.open(Carrier.WEB_SOCKET_PROTOBUF, device);
    Eventually.eventually("seq " + expected, () -> client.seqs(conversation).contains(expected));
    client.acknowledge(conversation, seq);
    client.send(ClientFrame.newBuilder().setGoodbye(Goodbye.newBuilder()).build());
    client.awaitGoodbye();
  }

  private static boolean begins(Clients clients, Login device, String conversation, long seq) {
    V2Client client = clients.open(Carrier.TCP, device);
    List<Long> seqs = client.seqs(conversation);
    return !seqs.isEmpty() && seqs.get(0) == seq;
  }

  @Test
  void cursorsOfTheHelloStandOverTheServersOwn(Clients clients) {
    Login phone = clients.v2().newUser();
    Login friend = clients.v2().newUser();
    String conversation = Rooms.direct(phone.userId(), friend.userId());
    V2Client sender = clients.open(Carrier.TCP, friend);
    for (int n = 1; n <= 4; n++) {
      sender.sendAndAwait(n, Rooms.messageTo(phone.userId(), "number " + n + " of four"));
    }
    V2Client client = clients.connect(Carrier.WEB_SOCKET_JSON);
    client.say(
        V2Client.hello(phone.token())
            .addCursors(Position.newBuilder().setConversation(conversation).setSeq(2)));
    client.awaitSynced();
    Eventually.eventually("what follows 2", () -> client.seqs(conversation).size() >= 2);
    assertThat(client.seqs(conversation)).containsExactly(3L, 4L);
  }

  /** Both are there, and hear each other in a room. */
  private static void talk(V2Client one, V2Client other) {
    long room = Clients.newRoom();
    Rooms.join(one, room);
    Rooms.join(other, room);
    one.sendAndAwait(77, Rooms.message(room, "is anybody there"));
    for (V2Client each : List.of(one, other)) {
      Eventually.eventually(
          "the message", () -> each.texts(Rooms.conversation(room)).contains("is anybody there"));
    }
  }
}
