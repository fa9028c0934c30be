package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Both wires keep their promises through TLS, and who does not speak it goes away quietly. */
class TlsTest {
  private static final long ROOM = 7;
  private static final String NEWEST = "TLSv1.3";

  @TempDir Path folder;
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private TestCertificate certificate;
  private ConnectMesh mesh;
  private String demo;
  private String test;

  private void start(JsonObject settings) {
    certificate = new TestCertificate(folder);
    mesh = new ConnectMesh(folder, 2, certificate.settings().mergeIn(settings));
    demo = mesh.rooms().user(1, "demo");
    test = mesh.rooms().user(2, "test");
    said.start();
    log.addAppender(said);
  }

  @AfterEach
  void stop() {
    mesh.close();
    log.detachAppender(said);
    assertThat(said.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        // Its link to Redis says that it was closed.
        .filteredOn(event -> !event.getLoggerName().startsWith("chat.parley.stores"))
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEmpty();
  }

  private WsClient ws(String version) {
    WebSocketClientOptions options =
        new WebSocketClientOptions()
            .setSsl(true)
            .setEnabledSecureTransportProtocols(Set.of(version))
            .setTrustOptions(TrustOptions.wrap(certificate.trust()));
    return mesh.kept(new WsClient(mesh.vertx(), mesh.wsPort(), options));
  }

  private WsClient wsIn(long room, String token) {
    WsClient client = ws(NEWEST).join(token, room);
    client.awaitLive();
    return client;
  }

  private TcpClient tcp(String version) {
    return mesh.kept(new TcpClient(certificate.connect(mesh.tcpPort(), version)));
  }

  private TcpClient tcpIn(long room, String token) {
    TcpClient client = tcp(NEWEST).startReading().join(token, room);
    client.awaitLive();
    return client;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void membersGetEachOthersMessagesOverBothWires(String version) {
    start(new JsonObject());
    WsClient web = ws(version).join(test, ROOM);
    web.awaitLive();
    TcpClient tcp = tcp(version).startReading().join(demo, ROOM);
    tcp.awaitLive();
    tcp.say(demo, ROOM, "from tcp");
    web.awaitTexts("from tcp");
    String large = "x".repeat(19_000);
    tcp.say(demo, ROOM, large);
    mesh.rooms().say(ROOM, test, "from the web");
    Await.until("all are there", () -> web.texts(3).size() == 3 && tcp.texts(3).size() == 3);
    assertThat(tcp.texts(3)).containsExactlyInAnyOrder("from tcp", large, "from the web");
    assertThat(web.texts(3)).isEqualTo(tcp.texts(3));
  }

  @Test
  void framesMayArriveSplitOverManyRecords() {
    start(new JsonObject());
    TcpClient tcp = tcpIn(ROOM, demo);
    for (byte b : TcpClient.frame(TcpClient.saying(demo, ROOM, "in pieces").encode())) {
      tcp.send(new byte[] {b});
    }
    tcp.awaitTexts("in pieces");
    List<String> texts = new ArrayList<>(List.of("in pieces"));
    for (int i = 0; i < 500; i++) {
      texts.add("message " + i);
      tcp.say(demo, ROOM, "message " + i);
    }
    tcp.awaitTexts(texts.toArray(String[]::new));
  }

  @Test
  void sessionsThatStopReadingDelayNobodyAndLaterHaveEverythingInOrder() {
    start(new JsonObject().put("max-queued-bytes", 128 * 1024));
    WsClient quick = wsIn(ROOM, demo);
    WsClient slow = wsIn(ROOM, test);
    TcpClient slowTcp = tcp(NEWEST).join(mesh.rooms().user(3, "admin"), ROOM);
    quick.awaitCount(3);
    slow.stopReading();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      texts.add(i + " " + "x".repeat(8_000));
      mesh.rooms().say(ROOM, demo, texts.get(i));
    }
    Await.until("the quick one has all", () -> quick.texts(3).size() == texts.size());
    assertThat(slow.texts(3)).hasSizeLessThan(texts.size());
    assertThat(quick.texts(3)).isEqualTo(texts);
    slow.readAgain();
    slowTcp.startReading();
    Await.until("the slow one has all", () -> slow.texts(3).size() >= texts.size());
    Await.until("the slow program has all", () -> slowTcp.texts(3).size() >= texts.size());
    assertThat(slow.texts(3)).isEqualTo(texts);
    assertThat(slowTcp.texts(3)).isEqualTo(texts);
    assertThat(mesh.rooms().fetches()).isPositive();
    mesh.rooms().say(ROOM, demo, "level");
    Await.until("it is pushed to again", () -> slow.texts(3).contains("level"));
    Await.until("and so is the program", () -> slowTcp.texts(3).contains("level"));
  }

  @Test
  void aStoppingInstanceSendsItsClientsElsewhereAndEndsTheStreamsInOrder() {
    start(new JsonObject());
    WsClient web = wsIn(ROOM, demo);
    TcpClient tcp = tcpIn(ROOM, test);
    mesh.undeploy();
    assertThat(web.closeCode()).isEqualTo(1012);
    assertThat(tcp.end()).isInstanceOf(EOFException.class);
    assertThat(mesh.connections()).isZero();
  }

  @Test
  void aSessionThatNeverReadsIsClosedAndTheLogStaysSilent() {
    start(new JsonObject().put("max-queued-bytes", 128 * 1024).put("stalled", "3s"));
    WsClient quick = wsIn(ROOM, demo);
    tcp(NEWEST).join(test, ROOM);
    quick.awaitCount(2);
    for (int i = 0; i < 1500; i++) {
      mesh.rooms().say(ROOM, demo, "x".repeat(8_000));
    }
    Await.until("the quick one has all", () -> quick.texts(3).size() == 1500);
    Await.until("the stuck one is gone", () -> mesh.connections() == 1);
    mesh.rooms().say(ROOM, demo, "after");
    Await.until("the quick one is served", () -> quick.texts(3).contains("after"));
  }

  @Test
  void aSessionThatNeverReadsDoesNotHoldUpTheStop() {
    start(new JsonObject().put("max-queued-bytes", 128 * 1024).put("drain", "3s"));
    WsClient quick = wsIn(ROOM, demo);
    WsClient stuck = wsIn(ROOM, test);
    stuck.stopReading();
    for (int i = 0; i < 1500; i++) {
      mesh.rooms().say(ROOM, demo, "x".repeat(8_000));
    }
    Await.until("the quick one has all", () -> quick.texts(3).size() == 1500);
    mesh.undeploy();
    assertThat(quick.closeCode()).isEqualTo(1012);
    assertThat(mesh.connections()).isZero();
    stuck.readAgain();
  }

  @Test
  void whoNeverShakesHandsIsClosedWithinTheJoinDeadline() {
    start(new JsonObject().put("join-deadline", "300ms"));
    mesh.kept(new TcpClient(mesh.wsPort())).awaitClosed();
    mesh.tcp().awaitClosed();
  }

  @Test
  void whoShakesHandsAndSaysNothingIsClosedWithinTheJoinDeadline() {
    start(new JsonObject().put("join-deadline", "300ms"));
    mesh.kept(new TcpClient(certificate.connect(mesh.wsPort(), NEWEST)).startReading())
        .awaitClosed();
    tcp(NEWEST).startReading().awaitClosed();
    assertThat(ws(NEWEST).closeCode()).isEqualTo(4002);
  }

  @Test
  void plainTextIsClosedAndHurtsNobodyElse() {
    start(new JsonObject());
    WsClient good = wsIn(ROOM, demo);
    byte[] http = "GET /ws HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    mesh.kept(new TcpClient(mesh.wsPort())).send(http).awaitClosed();
    byte[] joining = TcpClient.frame(TcpClient.joining(test, ROOM).encode());
    mesh.tcp().send(joining).awaitClosed();
    mesh.rooms().say(ROOM, demo, "still here");
    good.awaitTexts("still here");
  }
}
