package chat.parley.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.History;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

@RunningParley
class GimFaultsTest {

  /** Fault 1: tokens from a generator seeded with the time repeat or resemble each other. */
  @Test
  void tokensOfOneMomentHaveNothingInCommon(Clients clients) {
    User user = clients.newUser();
    Set<String> starts = new HashSet<>();
    for (int n = 0; n < 10; n++) {
      starts.add(
          clients.http().login(user.name(), user.password()).data().asText().substring(0, 8));
    }
    assertThat(starts).hasSize(10);
  }

  /** Fault 2. */
  @Test
  void framesAreFoundWhereverTheNetworkCutsThem(Clients clients) throws Exception {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp tcp = clients.joinTcp(user, room);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int n = 1; n <= 30; n++) {
      bytes.write(
          V1Tcp.frame(
              Json.of(
                      "op",
                      3,
                      "authToken",
                      user.token(),
                      "roomId",
                      room,
                      "msg",
                      "cut anywhere " + n + " " + "x".repeat(n * 40))
                  .toString()));
    }
    byte[] all = bytes.toByteArray();
    int at = 0;
    for (int step = 1; at < all.length; step = step * 7 % 613 + 1) {
      int end = Math.min(all.length, at + step);
      tcp.sendBytes(Arrays.copyOfRange(all, at, end));
      at = end;
    }
    tcp.awaitFrame(
        V1Client.ROOM, frame -> frame.path("msg").asText().startsWith("cut anywhere 30"));
    assertThat(tcp.texts()).hasSize(30);
  }

  /** Fault 3. */
  @Test
  void closeOfAnOldConnectionLeavesTheNewOneAlone(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp old = clients.joinTcp(user, room);
    V1Tcp fresh = clients.joinTcp(user, room);
    old.abort();
    for (int n = 1; n <= 5; n++) {
      clients.http().pushRoom(user, room, "after the old one closed " + n);
    }
    fresh.awaitText("after the old one closed 5");
    assertThat(fresh.texts()).hasSize(5);
  }

  /** Fault 3. */
  @Test
  void changingTheRoomLeavesTheUserInOneOnly(Clients clients) {
    User user = clients.newUser();
    User watcher = clients.newUser();
    long first = Clients.newRoom();
    long second = Clients.newRoom();
    V1WebSocket watching = clients.join(watcher, first);
    V1WebSocket socket = clients.join(user, first);
    watching.awaitFrame(V1Client.MEMBERS, list -> list.path("count").asInt() == 2);
    socket.join(user.token(), second);
    clients.awaitJoined(socket, user, second);
    Eventually.eventually(
        "the list of the first room without the one who went on",
        () -> {
          clients.http().roomInfo(watcher, first);
          var lists = watching.frames(V1Client.MEMBERS);
          return !lists.get(lists.size() - 1).path("roomUserInfo").has("" + user.id());
        });
  }

  /** Fault 4. */
  @Test
  void oneFailingSessionStopsNoOther(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    for (int n = 0; n < 10; n++) {
      V1Tcp dies = clients.joinTcp(user, room);
      V1Tcp lives = clients.joinTcp(user, room);
      dies.abort();
      clients.http().pushRoom(user, room, "to those who live " + n);
      lives.awaitText("to those who live " + n);
    }
    Eventually.eventually(
        "all in the history", () -> History.of(clients.http(), user, room).texts().size() == 10);
  }
}
