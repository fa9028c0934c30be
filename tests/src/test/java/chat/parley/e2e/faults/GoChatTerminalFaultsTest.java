package chat.parley.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.History;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.Load;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.Room;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Faults of GoChat, which is another system than gochat. */
@RunningParley
class GoChatTerminalFaultsTest {
  /** Of 20 kB each: several times what the server keeps for one client. */
  private static final int MANY = 300;

  /** Fault 1. */
  @Test
  void framesWithoutABodyEndTheirOwnConnectionOnly(Clients clients, ParleyProcess parley) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp bystander = clients.joinTcp(user, room);
    V1Tcp empty = clients.tcp();
    empty.sendBytes((byte) 'v', (byte) '1', (byte) 0, (byte) 4);
    empty.awaitClose();
    V1Tcp fieldless = clients.tcp();
    fieldless.send(Json.of());
    fieldless.send(Json.of("op", 6));
    fieldless.awaitClose();
    V1Tcp textless = clients.joinTcp(user, room);
    textless.send(Json.of("op", 3, "authToken", user.token(), "roomId", room));
    bystander.say(user.token(), room, "nobody else was hurt");
    bystander.awaitText("nobody else was hurt");
    assertThat(parley.isReady()).isTrue();
  }

  /** Fault 4: its window closes, megabytes wait for it, and everybody else is served. */
  @Test
  void clientThatStopsReadingBlocksNobodyAndGetsItAllWhenItReadsAgain(Clients clients) {
    User slow = clients.newUser();
    User fast = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket reader = clients.join(fast, room);
    try (V1Tcp stuck = V1Tcp.stuck(clients.endpoints().tcp())) {
      stuck.join(slow.token(), room);
      reader.awaitFrame(V1Client.MEMBERS, list -> list.path("count").asInt() == 2);
      String filler = "x".repeat(20_000);
      for (int n = 1; n <= MANY; n++) {
        assertThat(clients.http().pushRoom(fast, room, n + " " + filler).ok()).isTrue();
      }
      reader.awaitText(MANY + " " + filler);
      assertThat(reader.texts()).hasSize(MANY);
      stuck.startReading();
      stuck.awaitText(MANY + " " + filler);
      assertThat(stuck.texts()).isEqualTo(reader.texts());
    }
  }

  /** Fault 2: what was not processed is not counted as seen. */
  @Test
  void nothingIsMissingBehindAnAbruptReconnect(Clients clients) {
    User speaker = clients.newUser();
    User flaky = clients.newUser();
    long room = Clients.newRoom();
    clients.join(speaker, room);
    try (Load load = new Load(List.of(clients.http()), List.of(speaker), room)) {
      for (int n = 0; n < 5; n++) {
        V1WebSocket socket = clients.join(flaky, room);
        load.awaitMore(30);
        socket.abort();
        Room.assertHeardInOrder(socket, stored(clients, speaker, room, socket));
      }
      History history = load.awaitKept(clients.http(), flaky);
      assertThat(history.texts()).isNotEmpty();
    }
  }

  private static History stored(Clients clients, User reader, long room, V1WebSocket socket) {
    Eventually.eventually(
        "what was heard in the history",
        () -> History.of(clients.http(), reader, room).texts().containsAll(socket.texts()));
    return History.of(clients.http(), reader, room);
  }
}
