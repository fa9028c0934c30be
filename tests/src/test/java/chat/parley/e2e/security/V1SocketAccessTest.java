package chat.parley.e2e.security;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** docs/access.md is true of everything that a v1 client can say on a socket. */
@RunningParley
class V1SocketAccessTest {
  private static final int JOIN = 6;
  private static final int ROOM = 3;
  private static final int OPS_TRIED = 64;

  private Scene scene;

  @Test
  void everyCellOfThePageHolds(Clients clients) {
    scene = new Scene(clients);
    AccessPage.requireTrue("Sockets of v1", this::outcome);
  }

  /** So that an op that is made one day has to be entered in the page. */
  @Test
  void opsThatThePageDoesNotNameDoNothing(Clients clients) {
    scene = new Scene(clients);
    long room = scene.room;
    V1Tcp tcp = clients.tcp();
    for (int op = -1; op < OPS_TRIED; op++) {
      if (op != JOIN && op != ROOM) {
        tcp.send(Json.of("op", op, "authToken", scene.inside.v1(), "roomId", room, "msg", "op"));
      }
    }
    tcp.say(scene.inside.v1(), Clients.newRoom(), "not joined");
    tcp.awaitFrame(ROOM);
    assertThat(tcp.raw().stream().filter(frame -> !frame.equals("ping msg"))).hasSize(1);
    String history =
        clients.v2().messages(scene.inside.device().token(), "room:" + room, "after=0").body() + "";
    assertThat(history).contains("only for those inside").doesNotContain("\"op\"");
  }

  private String outcome(AccessPage.Cell cell) {
    Set<String> outcomes = new LinkedHashSet<>();
    for (String token : tokens(cell.column())) {
      outcomes.add(outcome(cell, token));
    }
    return String.join(" or ", outcomes);
  }

  private List<String> tokens(String column) {
    return switch (column) {
      case Scene.NO_TOKEN -> List.of("");
      case Scene.DEAD_TOKEN -> scene.deadTokens();
      case "session, outside" -> List.of(scene.outside.v1(), scene.outside.device().token());
      case "session, inside" -> List.of(scene.inside.v1(), scene.inside.device().token());
      default -> throw new AssertionError("a column that nobody here is: " + column);
    };
  }

  private String outcome(AccessPage.Cell cell, String token) {
    long joined = Clients.newRoom();
    return switch (cell.row()) {
      case "WebSocket: `join`" -> {
        V1WebSocket socket = scene.clients.webSocket();
        socket.join(token, joined);
        yield came(socket, V1Client.MEMBERS);
      }
      case "TCP: `op 6`, join" -> {
        V1Tcp socket = scene.clients.tcp();
        socket.join(token, joined);
        yield came(socket, V1Client.MEMBERS);
      }
      case "TCP: `op 3`, a message to a room" -> {
        V1Tcp socket = scene.clients.tcp();
        if (cell.column().endsWith("inside")) {
          socket.join(token, scene.room);
          came(socket, V1Client.MEMBERS);
        }
        ObjectNode said = Json.of("op", ROOM, "authToken", token, "roomId", scene.room);
        socket.send(said.put("msg", "by the matrix"));
        yield came(socket, V1Client.ROOM);
      }
      default -> throw new AssertionError("a row that nobody here asks for: " + cell.row());
    };
  }

  /** A frame of the op, a refusal, or the end. */
  private static String came(V1Client socket, int op) {
    return Eventually.find(
        "an answer",
        Eventually.SOON,
        () ->
            socket.frames(op).stream()
                .map(frame -> frame.path("code").asInt() == 0 ? "yes" : "refused")
                .findFirst()
                .or(() -> socket.closed().map(closed -> "closed"))
                .or(Optional::empty));
  }
}
