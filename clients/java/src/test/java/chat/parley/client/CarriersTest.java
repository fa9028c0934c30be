package chat.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.Send;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same frames on every carrier. */
class CarriersTest {
  @TempDir Path folder;

  @Test
  void protobufOnWebSocket() throws Exception {
    talks(new WebSocketPeer("parley.v2.protobuf", null), Encoding.PROTOBUF, null);
  }

  @Test
  void jsonOnWebSocket() throws Exception {
    talks(new WebSocketPeer("parley.v2.json", null), Encoding.JSON, null);
  }

  @Test
  void secureWebSocket() throws Exception {
    SSLContext tls = TestTls.in(folder);
    talks(new WebSocketPeer("parley.v2.protobuf", tls), Encoding.PROTOBUF, tls);
  }

  @Test
  void tcp() throws Exception {
    talks(new TcpPeer(), Encoding.PROTOBUF, null);
  }

  @Test
  void tcpWithTls() throws Exception {
    SSLContext tls = TestTls.in(folder);
    talks(new TcpPeer(tls), Encoding.PROTOBUF, tls);
  }

  @Test
  void serverWithoutTheSubprotocolIsNamed() throws Exception {
    Heard heard = new Heard();
    try (WebSocketPeer peer = new WebSocketPeer("other", null);
        ParleyClient client =
            ParleyClient.builder()
                .connect(List.of(peer.address()))
                .token("secret", 70)
                .listener(heard)
                .build()) {
      client.start();
      assertThat(heard.next("disconnected true"))
          .containsAnyOf("does not speak parley.v2.protobuf", "opens no WebSocket");
    }
  }

  @Test
  void certificateThatNobodyTrustsIsRefused() throws Exception {
    Heard heard = new Heard();
    try (TcpPeer peer = new TcpPeer(TestTls.in(folder));
        ParleyClient client =
            ParleyClient.builder()
                .connect(List.of(peer.address()))
                .token("secret", 70)
                .listener(heard)
                .build()) {
      client.start();
      assertThat(heard.next("disconnected true")).contains("cannot connect");
    }
  }

  private static void talks(Peer peer, Encoding encoding, SSLContext tls) throws Exception {
    Heard heard = new Heard();
    ParleyClientBuilder builder =
        ParleyClient.builder()
            .connect(List.of(peer.address()))
            .encoding(encoding)
            .token("secret", 70)
            .listener(heard);
    if (tls != null) {
      builder.tls(tls);
    }
    try (peer;
        ParleyClient client = builder.build()) {
      client.start();
      Peer.Connection connection = peer.accept();
      assertThat(connection.hello().getToken()).isEqualTo("secret");
      connection.welcome();
      assertThat(heard.next()).isEqualTo("connected demo 70");
      String large = "ü".repeat(20_000);
      var acked = client.sendToRoom(7, large);
      Send send = connection.expectSend();
      assertThat(send.getText()).isEqualTo(large);
      connection.ack(send, "room:7", 12);
      assertThat(acked.get(20, TimeUnit.SECONDS).seq()).isEqualTo(12);
      connection.batch("room:7", 1, 2000);
      for (int seq = 1; seq <= 2000; seq++) {
        assertThat(heard.next()).isEqualTo("message room:7 " + seq + " text " + seq);
      }
      client.close();
      assertThat(connection.request().hasGoodbye()).isTrue();
    }
  }
}
