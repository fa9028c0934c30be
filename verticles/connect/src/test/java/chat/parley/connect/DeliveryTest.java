package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each session gets each message once, in order, whatever the bus loses or repeats. */
class DeliveryTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;
  private String test;

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder, 2, new JsonObject().put("max-queued-bytes", 128 * 1024));
    demo = mesh.rooms().user(1, "demo");
    test = mesh.rooms().user(2, "test");
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void aGapIsFilledFromTheStoreBeforeWhatFollows() {
    WsClient client = mesh.wsIn(ROOM, demo);
    TcpClient tcp = mesh.tcp().join(test, ROOM);
    tcp.awaitLive();
    mesh.rooms().say(ROOM, demo, "one");
    client.awaitTexts("one");
    mesh.rooms().losing(true);
    mesh.rooms().say(ROOM, demo, "two");
    mesh.rooms().say(ROOM, demo, "three");
    mesh.rooms().losing(false);
    mesh.rooms().say(ROOM, demo, "four");
    client.awaitTexts("one", "two", "three", "four");
    tcp.awaitTexts("one", "two", "three", "four");
  }

  @Test
  void aLastMessageThatWasNeverDeliveredIsFoundByTheHeads() {
    WsClient client = mesh.wsIn(ROOM, demo);
    mesh.rooms().losing(true);
    mesh.rooms().say(ROOM, demo, "lost on the bus");
    client.awaitTexts("lost on the bus");
  }

  @Test
  void repeatsAreDropped() {
    WsClient client = mesh.wsIn(ROOM, demo);
    mesh.rooms().say(ROOM, demo, "one");
    mesh.rooms().say(ROOM, demo, "two");
    mesh.rooms().deliver(ROOM, 1, 2);
    mesh.rooms().deliver(ROOM, 2);
    mesh.rooms().say(ROOM, demo, "three");
    mesh.rooms().deliver(ROOM, 1, 2, 3);
    mesh.rooms().say(ROOM, demo, "four");
    client.awaitTexts("one", "two", "three", "four");
  }

  @Test
  void whatWasSaidBeforeTheJoinIsNotGiven() {
    mesh.rooms().say(ROOM, demo, "before");
    WsClient client = mesh.wsIn(ROOM, demo);
    mesh.rooms().say(ROOM, demo, "after");
    client.awaitTexts("after");
  }

  /** Who reads the history after the join and listens from then on misses nothing. */
  @Test
  void whoJoinsWhileTheStoreIsBehindIsGivenWhatItStoresLater() {
    mesh.rooms().losing(true);
    mesh.rooms().storedUpTo("room:7", 2);
    for (String text : List.of("one", "two", "three", "four")) {
      mesh.rooms().say(ROOM, demo, text);
    }
    WsClient client = mesh.wsIn(ROOM, demo);
    TcpClient tcp = mesh.tcp().join(test, ROOM);
    tcp.awaitLive();
    mesh.rooms().losing(false);
    mesh.rooms().storedUpTo("room:7", 5);
    mesh.rooms().say(ROOM, demo, "five");
    client.awaitTexts("three", "four", "five");
    tcp.awaitTexts("three", "four", "five");
  }

  @Test
  void whatIsSaidWhileTheStoreIsAskedWhereARoomBeginsIsGivenOnce() {
    mesh.rooms().hold(Addresses.HEADS);
    WsClient client = mesh.ws().join(demo, ROOM);
    mesh.rooms().awaitHeld(Addresses.HEADS);
    mesh.rooms().say(ROOM, test, "one");
    mesh.rooms().letGo(Addresses.HEADS);
    client.awaitTexts("one");
  }

  @Test
  void whileTheStoreIsAwayWhatFollowsAGapWaits() {
    WsClient client = mesh.wsIn(ROOM, demo);
    mesh.rooms().away();
    mesh.rooms().losing(true);
    mesh.rooms().say(ROOM, demo, "one");
    mesh.rooms().losing(false);
    mesh.rooms().say(ROOM, demo, "two");
    mesh.rooms().say(ROOM, demo, "three");
    mesh.rooms().serve();
    client.awaitTexts("one", "two", "three");
  }

  @Test
  void aDirectMessageGoesToTheRecipientsSessionsOnlyAndOnce() {
    WsClient sender = mesh.wsIn(ROOM, demo);
    WsClient tab = mesh.wsIn(ROOM, test);
    TcpClient tcp = mesh.tcp().join(test, ROOM);
    tcp.awaitLive();
    mesh.rooms().whisper(demo, 2, "to test");
    mesh.rooms().whisper(test, 1, "to demo");
    mesh.rooms().whisper(demo, 2, "again");
    Await.until("test's tab has both", () -> tab.texts(2).size() == 2);
    Await.until("test's program has both", () -> tcp.texts(2).size() == 2);
    Await.until("demo has one", () -> sender.texts(2).size() == 1);
    assertThat(tab.texts(2)).containsExactly("to test", "again");
    assertThat(tcp.texts(2)).containsExactly("to test", "again");
    assertThat(sender.texts(2)).containsExactly("to demo");
  }

  @Test
  void aSessionThatStopsReadingDelaysNobodyAndLaterHasEverythingInOrder() {
    WsClient slow = mesh.wsIn(ROOM, test);
    WsClient quick = mesh.wsIn(ROOM, demo);
    slow.stopReading();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      texts.add(i + " " + "x".repeat(8_000));
      mesh.rooms().say(ROOM, demo, texts.get(i));
    }
    Await.until("the quick one has all", () -> quick.texts(3).size() == texts.size());
    assertThat(slow.texts(3)).hasSizeLessThan(texts.size());
    slow.readAgain();
    Await.until("the slow one has all", () -> slow.texts(3).size() >= texts.size());
    assertThat(quick.texts(3)).isEqualTo(texts);
    assertThat(slow.texts(3)).isEqualTo(texts);
    assertThat(mesh.rooms().fetches()).isPositive();
    mesh.rooms().say(ROOM, demo, "level");
    Await.until("it is pushed to again", () -> slow.texts(3).contains("level"));
    assertThat(slow.texts(3)).hasSize(texts.size() + 1);
  }
}
