package chat.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.User;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinkTest extends ClientFixture {
  private final BlockingQueue<String> logins = new LinkedBlockingQueue<>();

  private HttpServer api(int status, String answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v2/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          logins.add(exchange.getRequestURI().getPath() + " " + body);
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static URI of(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Test
  void nextAddressIsTriedWhenOneIsAway() {
    TcpPeer gone = new TcpPeer();
    gone.close();
    started(described(gone.address(), peer.address()));
    peer.acceptAndWelcome();
    assertThat(heard.next()).startsWith("disconnected true cannot connect to " + gone.address());
    assertThat(heard.next()).isEqualTo("connected demo 70");
  }

  @Test
  void silentServerIsLeftAndHeartbeatsAreSent() {
    peer.welcome = peer.welcome.toBuilder().setHeartbeatIntervalMs(100).build();
    started();
    Peer.Connection connection = peer.acceptAndWelcome();
    assertThat(connection.any().hasHeartbeat()).isTrue();
    assertThat(heard.next("disconnected")).contains("silent");
    peer.acceptAndWelcome();
    heard.next("connected");
  }

  @Test
  void goodbyeSaysWhenToComeBack() {
    started();
    Peer.Connection connection = peer.acceptAndWelcome();
    long before = System.nanoTime();
    connection.goodbye(Goodbye.Code.OVERLOADED, true, 300);
    peer.acceptAndWelcome();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(300_000_000L);
    assertThat(heard.next("disconnected")).contains("true OVERLOADED: said by the test");
  }

  @Test
  void nodeThatStopsSendsTheClientToTheNextAddressAtItsTimeAndThatOneBack() {
    try (TcpPeer other = new TcpPeer()) {
      started(described(peer.address(), other.address()));
      Peer.Connection here = peer.acceptAndWelcome();
      heard.next("connected");
      long before = System.nanoTime();
      here.goodbye(Goodbye.Code.RESTART, true, 500);
      Peer.Connection there = other.acceptAndWelcome();
      assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(500_000_000L);
      there.goodbye(Goodbye.Code.RESTART, true, 0);
      peer.acceptAndWelcome();
      assertThat(heard.next("disconnected")).contains("true RESTART");
      assertThat(heard.next("disconnected")).contains("true RESTART");
    }
  }

  @Test
  void goodbyeThatForbidsToComeBackEndsTheClient() {
    ParleyClient client = started();
    Peer.Connection connection = peer.acceptAndWelcome();
    heard.next("connected");
    var waiting = client.sendToRoom(7, "a");
    connection.expectSend();
    connection.goodbye(Goodbye.Code.REPLACED, false, 0);
    assertThat(heard.next()).startsWith("disconnected false REPLACED");
    assertThat(heard.next()).startsWith("ended REPLACED");
    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).hasMessageContaining("REPLACED");
    assertThatThrownBy(() -> client.sendToRoom(7, "b").get(20, TimeUnit.SECONDS))
        .hasMessageContaining("REPLACED");
    assertThat(state.outbox()).hasSize(1);
  }

  @Test
  void tokenThatIsNotTakenIsReplacedForTheSameDevice() throws Exception {
    HttpServer server =
        api(200, "{\"token\":\"new\",\"userId\":\"3\",\"userName\":\"demo\",\"deviceId\":\"70\"}");
    state.saveLogin(new Login("old", 3, "demo", 70));
    started(
        ParleyClient.builder()
            .api(List.of(of(server)))
            .connect(List.of(peer.address()))
            .credentials("demo", "111111")
            .state(state)
            .timing(QUICK));
    Peer.Connection connection = peer.accept();
    assertThat(connection.hello().getToken()).isEqualTo("old");
    connection.goodbye(Goodbye.Code.UNAUTHENTICATED, false, 0);
    assertThat(peer.accept().hello().getToken()).isEqualTo("new");
    assertThat(logins.take()).startsWith("/api/v2/login ").contains("\"id\":\"70\"");
    assertThat(state.login()).map(Login::token).contains("new");
    server.stop(0);
  }

  @Test
  void wrongPasswordEndsTheClient() throws Exception {
    HttpServer server =
        api(
            401,
            "{\"title\":\"t\",\"status\":401,\"detail\":\"wrong name or password\","
                + "\"code\":\"WRONG_CREDENTIALS\",\"retryable\":false}");
    started(
        ParleyClient.builder()
            .api(List.of(of(server)))
            .connect(List.of(peer.address()))
            .credentials("demo", "2")
            .listener(heard)
            .timing(QUICK));
    assertThat(heard.next("ended")).contains("wrong name or password");
    server.stop(0);
  }

  @Test
  void requestThatWasOnItsWayIsAskedAgain() throws Exception {
    ParleyClient client = started();
    Peer.Connection connection = peer.acceptAndWelcome();
    var found = client.findUser("test");
    FindUser question = connection.request().getFindUser();
    connection.cut();
    Peer.Connection next = peer.acceptAndWelcome();
    ClientFrame again = next.request();
    assertThat(again.getFindUser()).isEqualTo(question);
    next.send(
        ServerFrame.newBuilder()
            .setRe(again.getRef())
            .setUser(
                User.newBuilder().setUserId(9).setUserName("test").setConversation("direct:3:9"))
            .build());
    assertThat(found.get(20, TimeUnit.SECONDS))
        .isEqualTo(new chat.parley.client.User(9, "test", "direct:3:9"));
  }

  @Test
  void unknownFramesAreIgnored() throws Exception {
    started();
    Peer.Connection connection = peer.acceptAndWelcome();
    connection.send(ServerFrame.parseFrom(new byte[] {(byte) 0xA2, 0x06, 0x01, 0x00}));
    connection.batch("room:1", 1, 1);
    assertThat(heard.next("message")).isEqualTo("message room:1 1 text 1");
  }
}
