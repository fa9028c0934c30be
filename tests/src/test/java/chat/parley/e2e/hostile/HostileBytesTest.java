package chat.parley.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Counters;
import chat.parley.e2e.support.Endpoints;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes against every port of a running server; somebody else talks on all the time. */
@RunningParley
class HostileBytesTest {
  private static final int PATIENCE_MS = 20_000;

  /** A request to become a WebSocket, whole. */
  private static final String UPGRADE =
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";

  @ParameterizedTest
  @ValueSource(strings = {"api", "site", "management"})
  void requestWithTwoEndsIsRefusedAndNothingBehindItIsRead(String port, Clients clients)
      throws IOException {
    try (Socket socket = connect(portOf(port, clients.endpoints()))) {
      socket
          .getOutputStream()
          .write(
              ("POST /scale HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                      + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(untilClosed(socket), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.");
    }
  }

  @Test
  void textThatIsNotUtf8EndsTheConnectionWithAReason(Clients clients) throws IOException {
    String upgrade =
        UPGRADE.replace("Upgrade: w", "Sec-WebSocket-Protocol: parley.v2.json\r\nUpgrade: w");
    byte[] frame = HexFormat.of().parseHex("818d00000000" + "7b22726566223a223afffe227d");
    try (Socket socket = connect(clients.endpoints().ws())) {
      socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
      awaitUpgrade(socket);
      socket.getOutputStream().write(frame);
      assertThat(new String(untilClosed(socket), StandardCharsets.ISO_8859_1))
          .contains("BAD_FRAME")
          .contains("UTF-8");
    }
  }

  /** Frames must not come along with the request. */
  private static void awaitUpgrade(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    assertThat(head).startsWith("HTTP/1.1 101 ");
  }

  private static int portOf(String name, Endpoints ports) {
    return switch (name) {
      case "api" -> ports.api();
      case "site" -> ports.site();
      default -> ports.management();
    };
  }

  @Test
  void floodsAndHalvesLeaveNothingBehindAndTheOthersTalkOn(Clients clients, ParleyProcess parley)
      throws IOException {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp bystander = clients.joinTcp(user, room);
    Endpoints ports = clients.endpoints();
    long before = connections(parley);
    List<Socket> strangers = new ArrayList<>();
    for (byte[] half : halves()) {
      for (int i = 0; i < 5; i++) {
        strangers.add(sending(ports.tcp(), half));
        strangers.add(sending(ports.ws(), half));
        strangers.add(upgradedAndSending(ports.ws(), half));
        strangers.add(sending(ports.api(), half));
        strangers.add(sending(ports.site(), half));
        strangers.add(sending(ports.management(), half));
      }
    }
    bystander.say(user.token(), room, "beside halves");
    bystander.awaitText("beside halves");
    for (byte[] tiny :
        List.of(V1Tcp.frame("{\"op\":4}"), HexFormat.of().parseHex("763200000006"))) {
      strangers.add(sending(ports.tcp(), repeated(tiny, 20_000)));
    }
    byte[] ping = HexFormat.of().parseHex("898000000000");
    strangers.add(upgradedAndSending(ports.ws(), repeated(ping, 20_000)));
    bystander.say(user.token(), room, "beside floods");
    bystander.awaitText("beside floods");
    for (Socket stranger : strangers) {
      stranger.close();
    }
    Eventually.eventually("as many connections as before", () -> connections(parley) <= before);
    bystander.say(user.token(), room, "alone again");
    bystander.awaitText("alone again");
    assertThat(bystander.texts()).containsExactly("beside halves", "beside floods", "alone again");
  }

  private static List<byte[]> halves() {
    byte[] random = new byte[3_000];
    new Random(7).nextBytes(random);
    return List.of(
        random,
        "GET / HTTP/1.1\r\nHost: x\r\nX-Half: ".getBytes(StandardCharsets.US_ASCII),
        HexFormat.of().parseHex("76310fff7b"),
        HexFormat.of().parseHex("7632000100060a"),
        HexFormat.of().parseHex("81feffff01020304"),
        HexFormat.of().parseHex("827f7fffffffffffffff"),
        HexFormat.of().parseHex("16030102000100"));
  }

  private static byte[] repeated(byte[] frame, int times) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      bytes.writeBytes(frame);
    }
    return bytes.toByteArray();
  }

  private static long connections(ParleyProcess parley) {
    return Counters.of(parley).sum("parley_connect_connections");
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static Socket sending(int port, byte[] bytes) throws IOException {
    Socket socket = connect(port);
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException closedAlready) {
      // So much the better.
    }
    return socket;
  }

  private static Socket upgradedAndSending(int port, byte[] bytes) throws IOException {
    Socket socket = connect(port);
    socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
    awaitUpgrade(socket);
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException closedAlready) {
      // So much the better.
    }
    return socket;
  }

  private static byte[] untilClosed(Socket socket) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(answer);
    } catch (SocketException reset) {
      // What was not read makes the end a hard one.
    }
    return answer.toByteArray();
  }
}
