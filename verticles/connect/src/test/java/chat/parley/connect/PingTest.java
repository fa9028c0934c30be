package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is silent is closed, and who answers stays. */
class PingTest {
  private static final int CLOSE = 0x88;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;

  @BeforeEach
  void start() {
    JsonObject settings = new JsonObject().put("ping-interval", "500ms");
    settings.put("pong-deadline", "2500ms").put("join-deadline", "1500ms");
    mesh = new ConnectMesh(folder, 1, settings);
    demo = mesh.rooms().user(1, "demo");
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void tcpGetsThePingTextAndWhoAnswersPingsStays() {
    WsClient web = mesh.wsIn(ConnectMesh.ROOM, demo);
    TcpClient tcp = mesh.tcp().join(demo, ConnectMesh.ROOM);
    Await.until(
        "eight pings came",
        () -> tcp.frames().stream().filter(frame -> frame.equals("ping msg")).count() >= 8);
    assertThat(web.closed()).isFalse();
    assertThat(tcp.closed()).isFalse();
  }

  @Test
  void aWebSocketThatAnswersNoPingIsClosed() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), mesh.wsPort())) {
      socket.getOutputStream().write(upgrade());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      skipHttp(in);
      socket.getOutputStream().write(join());
      int first = in.readUnsignedByte();
      while (first != CLOSE) {
        int length = in.readUnsignedByte();
        in.readFully(new byte[length < 126 ? length : in.readUnsignedShort()]);
        first = in.readUnsignedByte();
      }
      in.readUnsignedByte();
      assertThat(in.readUnsignedShort()).isEqualTo(4005);
    }
  }

  @Test
  void aRequestThatTricklesInIsCutOff() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), mesh.wsPort())) {
      socket.getOutputStream().write("GET /ws HT".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void framesSentAlongWithTheUpgradeCloseTheConnection() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), mesh.wsPort())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(upgrade());
      bytes.writeBytes(join());
      socket.getOutputStream().write(bytes.toByteArray());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).doesNotContain("\"op\"");
    }
    Await.until("it is forgotten", () -> mesh.connections() == 0);
  }

  private byte[] join() {
    return masked("{\"authToken\":\"" + demo + "\",\"roomId\":7}");
  }

  private static void skipHttp(DataInputStream in) throws IOException {
    int ends = 0;
    while (ends < 4) {
      int b = in.readUnsignedByte();
      ends = b == '\r' || b == '\n' ? ends + 1 : 0;
    }
  }

  private static byte[] upgrade() {
    return """
        GET /ws HTTP/1.1
        host: 127.0.0.1
        connection: Upgrade
        upgrade: websocket
        sec-websocket-version: 13
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==

        """
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** A text frame masked with zeros, of less than 126 bytes. */
  private static byte[] masked(String text) {
    byte[] body = text.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x81);
    frame.write(0x80 | body.length);
    frame.writeBytes(new byte[4]);
    frame.writeBytes(body);
    return frame.toByteArray();
  }
}
