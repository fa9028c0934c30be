package chat.parley.e2e.v1;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.RawWebSocket;
import chat.parley.e2e.support.RawWebSocket.Frame;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The intervals are settings; here they are seconds instead of v1's 54 and 60. */
@RunningParley
class HeartbeatTest {

  @Test
  void webSocketIsPingedAndLivesWhileItAnswers(Clients clients) {
    V1WebSocket socket = clients.join(clients.newUser(), Clients.newRoom());
    Eventually.eventually("three pings", () -> socket.pings() >= 3);
    assertThat(socket.isOpen()).isTrue();
  }

  @Test
  void webSocketThatAnswersNoPingIsClosedWithCodeAndReason(Clients clients) {
    User user = clients.newUser();
    try (RawWebSocket deaf = new RawWebSocket(clients.endpoints().ws())) {
      deaf.sendText(Json.of("authToken", user.token(), "roomId", Clients.newRoom()).toString());
      List<Frame> frames = deaf.readUntilClosed();
      assertThat(frames).anySatisfy(f -> assertThat(f.opcode()).isEqualTo(RawWebSocket.PING));
      Frame close = frames.get(frames.size() - 1);
      assertThat(close.closeCode()).isNotIn(1005, 1006);
      assertThat(close.closeReason()).isNotBlank();
    }
  }

  @Test
  void tcpGetsPingMsgAndNeedNotAnswer(Clients clients) {
    V1Tcp tcp = clients.joinTcp(clients.newUser(), Clients.newRoom());
    Eventually.eventually(
        "three heartbeats",
        () -> tcp.raw().stream().filter(frame -> frame.equals("ping msg")).count() >= 3);
    assertThat(tcp.isOpen()).isTrue();
  }
}
