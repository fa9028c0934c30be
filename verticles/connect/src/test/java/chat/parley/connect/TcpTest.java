package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the TCP wire keeps, whatever bytes come. */
class TcpTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;
  private TcpClient good;

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder);
    demo = mesh.rooms().user(1, "demo");
    good = mesh.tcp().join(demo, ROOM);
    good.awaitLive();
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  static List<byte[]> hostileBytes() {
    return List.of(
        new byte[] {'v', '1', (byte) 0xFF, (byte) 0xFF, 'x'},
        new byte[] {'v', '1', 0, 0, 'x'},
        new byte[] {'v', '1', 0, 4},
        new byte[] {'x'},
        "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
        TcpClient.frame("{"),
        TcpClient.frame("[".repeat(20_000)),
        TcpClient.frame("{\"op\":6,\"authToken\":7,\"roomId\":7}"),
        TcpClient.frame(TcpClient.joining("", ROOM).encode()),
        TcpClient.frame(TcpClient.joining("token-1", 0).encode()),
        TcpClient.frame(TcpClient.joining("token-1", -3).encode()),
        TcpClient.frame(TcpClient.joining("unknown", ROOM).encode()),
        TcpClient.frame(TcpClient.saying("unknown", ROOM, "hello").encode()));
  }

  @ParameterizedTest
  @MethodSource("hostileBytes")
  void hostileBytesCloseTheirOwnConnectionAndNoOther(byte[] bytes) {
    TcpClient bad = mesh.tcp().send(bytes);
    bad.awaitClosed();
    good.say(demo, ROOM, "still here");
    good.awaitTexts("still here");
  }

  /** Between the two it may have been elsewhere, and been given there what this node missed. */
  @Test
  void whoComesBackIsGivenTheDirectMessagesFromThenOn() throws Exception {
    String other = mesh.rooms().user(2, "other");
    mesh.rooms().whisper(other, 1, "before");
    Await.until("it is there", () -> good.texts(2).contains("before"));
    mesh.rooms().devices().awaitStood(1);
    good.close();
    Await.until("it is gone", () -> mesh.connections() == 0);
    mesh.rooms().losing(true);
    mesh.rooms().whisper(other, 1, "meanwhile");
    mesh.rooms().losing(false);
    TcpClient again = mesh.tcp().join(demo, ROOM);
    again.awaitLive();
    mesh.rooms().whisper(other, 1, "after");
    Await.until("it is there", () -> again.texts(2).contains("after"));
    assertThat(again.texts(2)).containsExactly("after");
  }

  @Test
  void framesMayArriveSplitOrJoined() {
    byte[] one = TcpClient.frame(TcpClient.saying(demo, ROOM, "one").encode());
    byte[] two = TcpClient.frame(TcpClient.saying(demo, ROOM, "two").encode());
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    good.send(both);
    for (byte b : TcpClient.frame(TcpClient.saying(demo, ROOM, "three").encode())) {
      good.send(new byte[] {b});
    }
    good.awaitTexts("one", "two", "three");
  }

  @Test
  void messagesOfOneConnectionKeepTheirOrderBeyondTheBoundOfWaitingOnes() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      texts.add("message " + i);
      good.say(demo, ROOM, "message " + i);
    }
    good.awaitTexts(texts.toArray(String[]::new));
  }

  @Test
  void aClientMaySendAndLeave() throws Exception {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      texts.add("message " + i);
    }
    try (TcpClient leaves = mesh.tcp()) {
      texts.forEach(text -> leaves.say(demo, ROOM, text));
    }
    good.awaitTexts(texts.toArray(String[]::new));
  }

  @Test
  void aClaimedNameIsNotBelieved() {
    JsonObject claim = TcpClient.saying(demo, ROOM, "I am admin");
    claim.put("fromUserId", 99).put("fromUserName", "admin");
    good.send(TcpClient.frame(claim.encode()));
    good.awaitTexts("I am admin");
    assertThat(good.last(3).getString("fromUserName")).isEqualTo("demo");
    assertThat(good.last(3).getLong("fromUserId")).isEqualTo(1);
  }

  @Test
  void otherOpsAreIgnored() {
    good.send(TcpClient.frame("{\"op\":4}")).send(TcpClient.frame("{\"op\":77,\"x\":[]}"));
    good.say(demo, ROOM, "next").awaitTexts("next");
  }

  @Test
  void aRefusedMessageIsAnsweredAndTheConnectionStays() {
    good.say(demo, ROOM, "x".repeat(25_000));
    Await.until("the refusal is there", () -> good.last(3) != null);
    assertThat(good.last(3).getInteger("code")).isEqualTo(1);
    assertThat(good.last(3).getLong("fromUserId")).isZero();
    assertThat(good.last(3).getString("msg")).isEqualTo("message too large");
    good.say(demo, ROOM, "shorter");
    Await.until("it is there", () -> good.texts(3).contains("shorter"));
  }

  @Test
  void membersOfARoomGetEachOthersMessagesOverBothWires() {
    String test = mesh.rooms().user(2, "test");
    WsClient web = mesh.wsIn(ROOM, test);
    good.say(demo, ROOM, "from tcp");
    web.awaitTexts("from tcp");
    mesh.rooms().say(ROOM, test, "from the web");
    good.awaitTexts("from tcp", "from the web");
    web.awaitTexts("from tcp", "from the web");
    assertThat(web.last(3)).isEqualTo(good.last(3));
  }
}
