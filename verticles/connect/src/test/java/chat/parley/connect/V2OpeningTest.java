package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.ServerFrame;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a device that comes back is behind with comes first, and nothing is lost or doubled. */
class V2OpeningTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;
  private String test;

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder, 2, new JsonObject());
    demo = mesh.rooms().device(11, 1, "demo");
    test = mesh.rooms().device(22, 2, "test");
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @ParameterizedTest
  @EnumSource(V2Client.Kind.class)
  void whatItIsBehindWithComesOldestFirstThenSyncedThenWhatIsNew(V2Client.Kind kind) {
    mesh.rooms().devices().cursor(11, "room:7", 3);
    say(450);
    for (int i = 1; i <= 5; i++) {
      mesh.rooms().whisper(test, 1, "whisper " + i);
    }
    V2Client client = mesh.device(kind, demo);
    assertThat(client.seqs("room:7")).isEqualTo(seqs(4, 450));
    assertThat(client.seqs("direct:1:2")).isEqualTo(seqs(1, 5));
    assertThat(last(client).hasSynced()).isTrue();
    say(1);
    mesh.rooms().whisper(test, 1, "news");
    client.awaitSeq("room:7", 451);
    client.awaitSeq("direct:1:2", 6);
    assertThat(client.seqs("room:7")).isEqualTo(seqs(4, 451));
    assertThat(client.seqs("direct:1:2")).isEqualTo(seqs(1, 6));
  }

  @Test
  void devicesThatStandAtTheSameSeqShareThePageThatTheyMissed() {
    say(30);
    List<String> tokens = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      tokens.add(mesh.rooms().device(1_000 + i, 100 + i, "reader" + i));
      mesh.rooms().devices().cursor(1_000 + i, "room:7", 10);
    }
    int before = mesh.rooms().fetches();
    mesh.rooms().hold(Addresses.FETCH);
    List<V2Client> readers = new ArrayList<>();
    for (String token : tokens) {
      readers.add(mesh.v2(V2Client.Kind.PROTOBUF).hello(token));
    }
    readers.forEach(reader -> reader.await(ServerFrame.BodyCase.WELCOME));
    mesh.rooms().letGo(Addresses.FETCH);
    for (V2Client reader : readers) {
      reader.await(ServerFrame.BodyCase.SYNCED);
      assertThat(reader.seqs("room:7")).isEqualTo(seqs(11, 30));
    }
    // Two buckets, and none of them asks once for each device.
    assertThat(mesh.rooms().fetches() - before).isLessThanOrEqualTo(5);
  }

  @Test
  void whereTheClientSaysItStandsGoesBeforeTheServersCursor() {
    mesh.rooms().devices().cursor(11, "room:7", 3);
    say(20);
    V2Client client = mesh.v2(V2Client.Kind.TCP).hello(demo, V2Client.position("room:7", 15));
    client.await(ServerFrame.BodyCase.SYNCED);
    assertThat(client.seqs("room:7")).isEqualTo(seqs(16, 20));
  }

  @Test
  void withoutABacklogADirectConversationBeginsWithWhatIsNew() {
    mesh.rooms().whisper(test, 1, "old");
    Hello.Builder hello = Hello.newBuilder().setToken(demo).setBacklog(Hello.Backlog.NOTHING);
    V2Client client = mesh.v2(V2Client.Kind.JSON).hello(hello);
    client.await(ServerFrame.BodyCase.SYNCED);
    mesh.rooms().whisper(test, 1, "new");
    client.awaitSeq("direct:1:2", 2);
    assertThat(client.texts("direct:1:2")).containsExactly("new");
  }

  @Test
  void whatIsAcceptedWhileItOpensIsNeitherLostNorDoubled() {
    mesh.rooms().devices().cursor(11, "room:7", 0);
    say(3);
    mesh.rooms().whisper(test, 1, "1");
    mesh.device(V2Client.Kind.TCP, test);
    mesh.rooms().hold(Addresses.OPEN_CONNECTION);
    V2Client client = mesh.v2(V2Client.Kind.PROTOBUF).hello(demo);
    mesh.rooms().awaitHeld(Addresses.OPEN_CONNECTION);
    // Said after the device was told where it stands, and before it is in its rooms.
    say(3);
    mesh.rooms().whisper(test, 1, "2");
    mesh.rooms().whisper(mesh.rooms().device(33, 3, "new"), 1, "first words");
    mesh.rooms().letGo(Addresses.OPEN_CONNECTION);
    say(3);
    mesh.rooms().whisper(test, 1, "3");
    client.awaitSeq("room:7", 9);
    client.awaitSeq("direct:1:2", 3);
    client.awaitSeq("direct:1:3", 1);
    client.await(ServerFrame.BodyCase.SYNCED);
    say(1);
    client.awaitSeq("room:7", 10);
    assertThat(client.frames().get(0).hasWelcome()).isTrue();
    assertThat(client.seqs("room:7")).isEqualTo(seqs(1, 10));
    assertThat(client.seqs("direct:1:2")).isEqualTo(seqs(1, 3));
    assertThat(client.seqs("direct:1:3")).isEqualTo(seqs(1, 1));
  }

  @Test
  void whatIsDeliveredWhileAPageIsOnItsWayIsNeitherLostNorDoubled() {
    mesh.rooms().devices().cursor(11, "room:7", 0);
    say(250);
    mesh.rooms().whisper(test, 1, "1");
    mesh.rooms().hold(Addresses.FETCH);
    V2Client client = mesh.v2(V2Client.Kind.JSON).hello(demo);
    mesh.rooms().awaitHeld(Addresses.FETCH);
    say(10);
    mesh.rooms().whisper(test, 1, "2");
    mesh.rooms().letGo(Addresses.FETCH);
    client.await(ServerFrame.BodyCase.SYNCED);
    say(1);
    mesh.rooms().whisper(test, 1, "3");
    client.awaitSeq("room:7", 261);
    client.awaitSeq("direct:1:2", 3);
    assertThat(client.seqs("room:7")).isEqualTo(seqs(1, 261));
    assertThat(client.seqs("direct:1:2")).isEqualTo(seqs(1, 3));
  }

  @Test
  void aStreamOfMessagesIsSeenOnceAndInOrderByDevicesThatComeInTheMiddleOfIt() {
    for (int i = 0; i < 6; i++) {
      mesh.rooms().device(100 + i, 100 + i, "late");
      mesh.rooms().devices().cursor(100 + i, "room:7", 0);
    }
    V2Client[] late = new V2Client[6];
    for (int i = 0; i < late.length; i++) {
      say(150);
      late[i] = mesh.v2(V2Client.Kind.values()[i % 3]).hello("device-" + (100 + i));
      say(50);
    }
    for (V2Client client : late) {
      client.awaitSeq("room:7", 1200);
      client.await(ServerFrame.BodyCase.SYNCED);
      assertThat(client.seqs("room:7")).isEqualTo(seqs(1, 1200));
    }
  }

  @Test
  void syncedWaitsForWhatIsAcceptedAndNotStoredYet() {
    mesh.rooms().devices().cursor(11, "room:7", 0);
    mesh.rooms().losing(true);
    say(5);
    mesh.rooms().storedUpTo("room:7", 3);
    V2Client client = mesh.v2(V2Client.Kind.TCP).hello(demo);
    client.awaitSeq("room:7", 3);
    int fetches = mesh.rooms().fetches();
    Await.until("it asked again, twice", () -> mesh.rooms().fetches() >= fetches + 2);
    assertThat(client.of(ServerFrame.BodyCase.SYNCED)).isEmpty();
    mesh.rooms().storedUpTo("room:7", 5);
    client.await(ServerFrame.BodyCase.SYNCED);
    assertThat(client.seqs("room:7")).isEqualTo(seqs(1, 5));
    assertThat(client.of(ServerFrame.BodyCase.NOT_RECOVERED)).isEmpty();
  }

  private void say(int count) {
    for (int i = 0; i < count; i++) {
      mesh.rooms().say(ROOM, test, "text");
    }
  }

  private static ServerFrame last(V2Client client) {
    return client.frames().get(client.frames().size() - 1);
  }

  private static List<Long> seqs(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}
