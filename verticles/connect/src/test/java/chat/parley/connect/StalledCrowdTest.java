package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many who stop reading together cost bounded memory, harm nobody, and get everything later. */
class StalledCrowdTest {
  private static final long ROOM = 7;
  private static final int OF_EACH_WIRE = 6;
  private static final int MESSAGES = 700;
  private static final String TEXT = "x".repeat(8_000);

  @TempDir Path folder;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private ConnectMesh mesh;
  private String speaker;

  @BeforeEach
  void start() {
    Metrics.addRegistry(metrics);
  }

  @AfterEach
  void stop() {
    mesh.close();
    Metrics.removeRegistry(metrics);
  }

  private void start(int mostOfAll) {
    JsonObject settings =
        new JsonObject().put("max-queued-bytes", 1 << 20).put("max-queued-bytes-of-all", mostOfAll);
    mesh = new ConnectMesh(folder, 1, settings);
    speaker = mesh.rooms().user(1, "speaker");
  }

  @Test
  void theirQueuesBecomeShortTogetherAndNobodyIsClosed() {
    start(4 << 20);
    List<WsClient> old = new ArrayList<>();
    List<V2WsClient> young = new ArrayList<>();
    for (int i = 0; i < OF_EACH_WIRE; i++) {
      old.add(mesh.wsIn(ROOM, mesh.rooms().user(100 + i, "old " + i)));
      young.add(device(200 + i));
    }
    V2Client reader = device(300);
    old.forEach(WsClient::stopReading);
    young.forEach(V2WsClient::stopReading);
    say();
    reader.awaitSeq("room:7", MESSAGES);
    Await.until("it is counted", () -> queued() > 0);
    // Each for itself might have a mebibyte.
    assertThat(queued()).isLessThan(4 << 20);
    old.forEach(WsClient::readAgain);
    young.forEach(V2WsClient::readAgain);
    for (WsClient client : old) {
      Await.until("it has all", () -> client.texts(3).size() >= MESSAGES);
      assertThat(client.texts(3)).isEqualTo(texts());
    }
    for (V2WsClient client : young) {
      client.awaitSeq("room:7", MESSAGES);
      assertThat(client.seqs("room:7"))
          .isEqualTo(LongStream.rangeClosed(1, MESSAGES).boxed().toList());
    }
    Await.until("nothing waits any more", () -> queued() == 0);
  }

  @Test
  void whenThereIsNoRoomEvenForShortQueuesTheLongestAreGivenUpAndWhoReadsIsNot() {
    start(1 << 20);
    List<V2WsClient> stalled = new ArrayList<>();
    for (int i = 0; i < 2 * OF_EACH_WIRE; i++) {
      stalled.add(device(200 + i));
    }
    V2Client reader = device(300);
    stalled.forEach(V2WsClient::stopReading);
    say();
    reader.awaitSeq("room:7", MESSAGES);
    Await.until("some were given up", () -> mesh.connections() < 2 * OF_EACH_WIRE + 1);
    Await.until("what waits is within the bound", () -> queued() <= 1 << 20);
    assertThat(reader.closed()).isFalse();
    assertThat(mesh.connections()).as("not all").isGreaterThan(2);
    stalled.forEach(V2WsClient::readAgain);
    int last = stalled.size() - 1;
    V2Client back = mesh.v2(V2Client.Kind.TCP).hello("device-" + (200 + last));
    back.awaitSeq("room:7", MESSAGES);
    assertThat(back.seqs("room:7")).isEqualTo(LongStream.rangeClosed(1, MESSAGES).boxed().toList());
  }

  private V2WsClient device(long id) {
    String token = mesh.rooms().device(id, id, "device " + id);
    mesh.rooms().devices().cursor(id, "room:7", 0);
    return (V2WsClient) mesh.device(V2Client.Kind.PROTOBUF, token);
  }

  private void say() {
    texts().forEach(text -> mesh.rooms().say(ROOM, speaker, text));
  }

  private static List<String> texts() {
    return IntStream.rangeClosed(1, MESSAGES).mapToObj(i -> i + " " + TEXT).toList();
  }

  private double queued() {
    return metrics.get("parley.connect.queued.bytes").gauge().value();
  }
}
