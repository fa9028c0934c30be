package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who sends a byte now and then, and never says who it is, is sent away in time. */
class DrippingTest {
  private static final String UPGRADE =
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n";

  @TempDir static Path folder;
  private static ConnectMesh mesh;

  @BeforeAll
  static void start() {
    mesh = new ConnectMesh(folder, 1, new JsonObject().put("join-deadline", "500ms"));
  }

  @AfterAll
  static void stop() {
    mesh.close();
  }

  /** What is sent at once, and what follows byte by byte, over and over. */
  enum Way {
    UPGRADE_REQUEST(true, "", HexFormat.of().formatHex(ascii("X-Slow: y\r\n"))),
    WEB_SOCKET_FRAMES(true, "\r\n", "010000000000"),
    MASKED_PAYLOAD(true, "\r\n", "81feffff01020304" + "61".repeat(1_000)),
    V1_FRAME(false, "v1", "7fff" + "61".repeat(1_000)),
    V2_FRAME(false, "v2", "0000ffff" + "0a".repeat(1_000)),
    V1_FRAMES_THAT_SAY_NOTHING(false, "", HexFormat.of().formatHex(TcpClient.frame("{\"op\":4}")));

    private final boolean web;
    private final byte[] first;
    private final byte[] drops;

    Way(boolean web, String first, String drops) {
      this.web = web;
      this.first = ascii(web ? UPGRADE + first : first);
      this.drops = HexFormat.of().parseHex(drops);
    }

    private static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whoDripsIsSentAwayByTheDeadlineOfAJoin(Way way) throws IOException {
    int port = way.web ? mesh.wsPort() : mesh.tcpPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(1);
      socket.getOutputStream().write(way.first);
      ByteArrayOutputStream heard = new ByteArrayOutputStream();
      int[] at = {0};
      Await.until(
          "it is sent away",
          () -> isSentAway(socket, way, way.drops[at[0]++ % way.drops.length], heard));
    }
    assertThat(mesh.tcp().join(mesh.rooms().user(1, "demo"), 7).closed()).isFalse();
  }

  /** Sends another byte and listens: for the end, or on a WebSocket for the frame of a close. */
  private static boolean isSentAway(
      Socket socket, Way way, byte drop, ByteArrayOutputStream heard) {
    try {
      socket.getOutputStream().write(drop);
      int b = socket.getInputStream().read();
      heard.write(b);
      return b < 0 || (way.web && heard.toString(StandardCharsets.ISO_8859_1).contains("\u0088"));
    } catch (SocketTimeoutException nothingYet) {
      return false;
    } catch (SocketException closed) {
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
