package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.proto.v2.NotRecovered;
import chat.parley.proto.v2.ServerFrame;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each device gets each message once and in order, whatever is lost, repeated, late or gone. */
class V2DeliveryTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;
  private String test;

  @BeforeEach
  void start() {
    JsonObject settings = new JsonObject().put("max-queued-bytes", 128 * 1024);
    JsonObject v2 = new JsonObject().put("heartbeat-interval", "1s");
    mesh = new ConnectMesh(folder, 2, settings, v2);
    demo = mesh.rooms().device(11, 1, "demo");
    test = mesh.rooms().device(22, 2, "test");
    mesh.rooms().devices().cursor(11, "room:7", 0);
    mesh.rooms().devices().cursor(22, "room:7", 0);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void whatIsDeliveredTogetherIsOneFrameWithTheSameBytesForAllOfAFormat() {
    V2WsClient[] all = new V2WsClient[8];
    for (int i = 0; i < all.length; i++) {
      String token = mesh.rooms().device(100 + i, 3, "same");
      mesh.rooms().devices().cursor(100 + i, "room:7", 0);
      V2Client.Kind kind = i % 2 == 0 ? V2Client.Kind.PROTOBUF : V2Client.Kind.JSON;
      all[i] = (V2WsClient) mesh.device(kind, token);
    }
    mesh.rooms().losing(true);
    say(1, 20);
    mesh.rooms().deliver(ROOM, LongStream.rangeClosed(1, 20).toArray());
    for (int i = 0; i < all.length; i++) {
      all[i].awaitSeq("room:7", 20);
      assertThat(all[i].of(ServerFrame.BodyCase.BATCH)).hasSize(1);
      assertThat(all[i].seqs("room:7")).isEqualTo(seqs(1, 20));
      int batch = all[i].frames().indexOf(all[i].of(ServerFrame.BodyCase.BATCH).get(0));
      int first = all[i % 2].frames().indexOf(all[i % 2].await(ServerFrame.BodyCase.BATCH));
      assertThat(all[i].bodies().get(batch)).isEqualTo(all[i % 2].bodies().get(first));
    }
    assertThat(mesh.rooms().fetches()).isZero();
  }

  @Test
  void sessionsOfBothWiresMeetInOneRoom() {
    WsClient v1 = mesh.wsIn(ROOM, mesh.rooms().user(3, "old"));
    V2Client v2 = mesh.device(V2Client.Kind.JSON, demo);
    v2.say(ROOM, "a", "from v2");
    v1.awaitTexts("from v2");
    mesh.rooms().say(ROOM, mesh.rooms().user(3, "old"), "from v1");
    v1.awaitTexts("from v2", "from v1");
    v2.awaitSeq("room:7", 2);
    assertThat(v2.texts("room:7")).containsExactly("from v2", "from v1");
  }

  @Test
  void aGapIsReadFromTheStoreAndRepeatsAreDropped() {
    V2Client client = mesh.device(V2Client.Kind.TCP, demo);
    say(1, 2);
    client.awaitSeq("room:7", 2);
    mesh.rooms().losing(true);
    say(3, 5);
    mesh.rooms().losing(false);
    say(6, 6);
    client.awaitSeq("room:7", 6);
    mesh.rooms().deliver(ROOM, 1, 2, 3);
    mesh.rooms().deliver(ROOM, 5, 6);
    say(7, 7);
    client.awaitSeq("room:7", 7);
    assertThat(client.seqs("room:7")).isEqualTo(seqs(1, 7));
  }

  @Test
  void aLastMessageOfARoomThatWasNeverDeliveredIsFound() {
    V2Client client = mesh.device(V2Client.Kind.PROTOBUF, demo);
    mesh.rooms().losing(true);
    say(1, 1);
    client.awaitSeq("room:7", 1);
    assertThat(client.seqs("room:7")).isEqualTo(seqs(1, 1));
  }

  @Test
  void aDirectMessageThatWasNeverDeliveredIsFound() {
    V2Client client = mesh.device(V2Client.Kind.PROTOBUF, demo);
    mesh.rooms().losing(true);
    mesh.rooms().whisper(test, 1, "never delivered");
    client.awaitSeq("direct:1:2", 1);
    assertThat(client.texts("direct:1:2")).containsExactly("never delivered");
  }

  @Test
  void aV1ClientIsGivenADirectMessageThatWasNeverDeliveredToo() {
    WsClient client = mesh.wsIn(7, mesh.rooms().user(1, "demo"));
    mesh.rooms().whisper(test, 1, "delivered");
    mesh.rooms().losing(true);
    mesh.rooms().whisper(test, 1, "never delivered");
    Await.until("both are there", () -> client.texts(2).size() == 2);
    assertThat(client.texts(2)).containsExactly("delivered", "never delivered");
  }

  @Test
  void aV1ClientIsGivenTheFirstMessageThatWasNeverDeliveredAndNothingFromBeforeItCame() {
    mesh.rooms().whisper(test, 1, "before it came");
    WsClient client = mesh.wsIn(7, mesh.rooms().user(1, "demo"));
    mesh.rooms().devices().awaitStood(1);
    mesh.rooms().losing(true);
    mesh.rooms().whisper(test, 1, "never delivered");
    mesh.rooms().whisper(mesh.rooms().user(3, "new"), 1, "nor from somebody new");
    Await.until("both are there", () -> client.texts(2).size() == 2);
    assertThat(client.texts(2))
        .containsExactlyInAnyOrder("never delivered", "nor from somebody new");
  }

  @Test
  void aV1ClientIsGivenADirectMessageThatIsDeliveredLongAfterItWasAccepted() {
    mesh.rooms().losing(true);
    mesh.rooms().whisper(test, 1, "late");
    WsClient client = mesh.wsIn(7, mesh.rooms().user(1, "demo"));
    mesh.rooms().devices().awaitStood(1);
    mesh.rooms().deliverTo(1, "direct:1:2", 1);
    Await.until("it is there", () -> client.texts(2).contains("late"));
  }

  @Test
  void allDevicesOfBothUsersGetADirectMessage() {
    V2Client sender = mesh.device(V2Client.Kind.PROTOBUF, demo);
    V2Client other = mesh.device(V2Client.Kind.TCP, mesh.rooms().device(12, 1, "demo"));
    V2Client peer = mesh.device(V2Client.Kind.JSON, test);
    mesh.rooms().whisper(demo, 2, "hello");
    for (V2Client client : List.of(sender, other, peer)) {
      client.awaitSeq("direct:1:2", 1);
      assertThat(client.texts("direct:1:2")).containsExactly("hello");
    }
  }

  @Test
  void aSessionThatStopsReadingDelaysNobodyIsCountedAndLaterHasEverythingInOrder() {
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    Metrics.addRegistry(metrics);
    V2WsClient slow = (V2WsClient) mesh.device(V2Client.Kind.PROTOBUF, demo);
    V2Client quick = mesh.device(V2Client.Kind.PROTOBUF, test);
    double before = switched(metrics);
    slow.stopReading();
    String text = "x".repeat(8_000);
    for (int i = 0; i < 1500; i++) {
      mesh.rooms().say(ROOM, test, text);
    }
    quick.awaitSeq("room:7", 1500);
    assertThat(slow.seqs("room:7")).hasSizeLessThan(1500);
    assertThat(switched(metrics)).isGreaterThan(before);
    assertThat(metrics.get("parley.connect.sessions.pulling").gauge().value()).isPositive();
    slow.readAgain();
    slow.awaitSeq("room:7", 1500);
    say(1, 1);
    slow.awaitSeq("room:7", 1501);
    assertThat(slow.seqs("room:7")).isEqualTo(seqs(1, 1501));
    assertThat(quick.seqs("room:7")).isEqualTo(seqs(1, 1501));
    Await.until(
        "none pulls any more",
        () -> metrics.get("parley.connect.sessions.pulling").gauge().value() == 0);
    Metrics.removeRegistry(metrics);
  }

  @Test
  void whoHadNoRoomOnlyForWhatWasNotFlushedYetIsNotForgotten() {
    V2Client client = mesh.device(V2Client.Kind.PROTOBUF, demo);
    mesh.rooms().losing(true);
    String text = "x".repeat(8_000);
    for (long first = 1; first <= 400; first += 20) {
      for (int i = 0; i < 20; i++) {
        mesh.rooms().say(ROOM, test, text);
      }
      // Two that arrive in one turn of the loop, more than the queue's bound together.
      mesh.rooms().deliver(ROOM, LongStream.range(first, first + 10).toArray());
      mesh.rooms().deliver(ROOM, LongStream.range(first + 10, first + 20).toArray());
      client.awaitSeq("room:7", first + 19);
    }
    assertThat(client.seqs("room:7")).isEqualTo(seqs(1, 400));
  }

  @Test
  void aDeviceThatIsFarBehindGetsEverythingOnceAndInOrderWhileMoreComes() {
    say(1, 3_000);
    V2Client far = mesh.v2(V2Client.Kind.TCP).hello(demo);
    say(3_001, 3_100);
    far.await(ServerFrame.BodyCase.SYNCED);
    far.awaitSeq("room:7", 3_100);
    assertThat(far.seqs("room:7")).isEqualTo(seqs(1, 3_100));
    assertThat(far.of(ServerFrame.BodyCase.NOT_RECOVERED)).isEmpty();
  }

  @Test
  void whatTheStoreDoesNotKeepAnyMoreIsNamedExactly() {
    say(1, 30);
    mesh.rooms().trim("room:7", 12);
    mesh.rooms().devices().cursor(11, "room:7", 4);
    V2Client client = mesh.device(V2Client.Kind.JSON, demo);
    assertThat(client.of(ServerFrame.BodyCase.NOT_RECOVERED))
        .extracting(ServerFrame::getNotRecovered)
        .containsExactly(notRecovered(5, 12));
    assertThat(client.seqs("room:7")).isEqualTo(seqs(13, 30));
  }

  @Test
  void anEmptyPageIsAskedForAgainUntilItIsSureThatNothingIsLeft() {
    say(1, 9);
    mesh.rooms().trim("room:7", 9);
    V2Client client = mesh.v2(V2Client.Kind.TCP).hello(demo);
    Await.until("it asked three times", () -> mesh.rooms().fetches() >= 3);
    assertThat(client.of(ServerFrame.BodyCase.NOT_RECOVERED)).isEmpty();
    mesh.rooms().nothingWaits();
    client.await(ServerFrame.BodyCase.SYNCED);
    assertThat(client.of(ServerFrame.BodyCase.NOT_RECOVERED))
        .extracting(ServerFrame::getNotRecovered)
        .containsExactly(notRecovered(1, 9));
    say(10, 10);
    client.awaitSeq("room:7", 10);
    assertThat(client.seqs("room:7")).containsExactly(10L);
  }

  @Test
  void whatComesWhileGoneIsOnItsWayIsNotGone() {
    say(1, 9);
    mesh.rooms().trim("room:7", 9);
    V2Client client = mesh.v2(V2Client.Kind.TCP).hello(demo);
    Await.until("it has asked", () -> mesh.rooms().fetches() >= 1);
    mesh.rooms().hold(Addresses.FETCH);
    mesh.rooms().nothingWaits();
    mesh.rooms().awaitHeld(Addresses.FETCH);
    V2Client other = mesh.v2(V2Client.Kind.TCP).hello(test, V2Client.position("room:7", 9));
    other.await(ServerFrame.BodyCase.SYNCED);
    say(10, 12);
    other.awaitSeq("room:7", 12);
    mesh.rooms().letGo(Addresses.FETCH);
    client.await(ServerFrame.BodyCase.SYNCED);
    client.awaitSeq("room:7", 12);
    assertThat(client.seqs("room:7")).isEqualTo(seqs(10, 12));
    assertThat(client.of(ServerFrame.BodyCase.NOT_RECOVERED))
        .extracting(ServerFrame::getNotRecovered)
        .containsExactly(notRecovered(1, 9));
  }

  private void say(int from, int to) {
    for (int i = from; i <= to; i++) {
      mesh.rooms().say(ROOM, test, "text " + i);
    }
  }

  private static double switched(SimpleMeterRegistry metrics) {
    return metrics.get("parley.connect.sessions.switched.to.pull").counter().count();
  }

  private static NotRecovered notRecovered(long from, long to) {
    return NotRecovered.newBuilder().setConversation("room:7").setFrom(from).setTo(to).build();
  }

  private static List<Long> seqs(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}
