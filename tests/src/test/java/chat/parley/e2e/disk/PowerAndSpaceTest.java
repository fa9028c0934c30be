package chat.parley.e2e.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chat.parley.chaos.disk.Disk;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Endpoints;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.Load;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Answer;
import chat.parley.e2e.support.V2Http.Login;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The whole server on a disk that loses power or fills up, under load. {@code -Dparley.cuts=N
 * -Dparley.seed=S} for more cuts, one for each twenty, and for others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PowerAndSpaceTest {
  /** Each costs a start of the whole server. */
  private static final int CUTS = Math.max(1, Integer.getInteger("parley.cuts", 1) / 20);

  private static final long SEED = Long.getLong("parley.seed", 20);
  private static final int SPEAKERS = 4;

  /** The longest rest of what starts Redis again, and its start. */
  private static final Duration BACK = Duration.ofSeconds(30);

  private final Endpoints endpoints = Endpoints.free();
  private final Clients clients = new Clients(endpoints);
  private Disk disk;
  private ParleyProcess server;

  @BeforeAll
  void start() {
    String missing = Disk.missing().orElse(null);
    assumeTrue(missing == null, () -> "no disk that loses power here: " + missing);
    disk = Disk.mount(DataFolder.create());
    server = up();
  }

  @AfterAll
  void stop() {
    clients.close();
    if (server != null) {
      server.close();
    }
    if (disk != null) {
      disk.close();
    }
  }

  private ParleyProcess up() {
    return ParleyProcess.up(disk.path())
        .at(endpoints)
        .with("PARLEY_TASK_ROOM_HISTORY", "1000000")
        .start();
  }

  /**
   * Whoever has joined may speak for as long as his session lives, whatever becomes of his socket.
   */
  private Load load(V1Http http, long room) {
    List<User> speakers = Stream.generate(http::newUser).limit(SPEAKERS).toList();
    speakers.forEach(speaker -> clients.join(speaker, room));
    return new Load(List.of(http), speakers, room);
  }

  @Test
  void everythingAcknowledgedIsThereOnceAndInOrderAfterAPowerCut() {
    SplittableRandom random = new SplittableRandom(SEED);
    long room = Clients.newRoom();
    V1Http http = new V1Http(endpoints.apiAddress());
    V2Http v2 = new V2Http(endpoints.apiAddress());
    User reader = http.newUser();
    Login device = v2.newUser();
    try (Load load = load(http, room)) {
      for (int cut = 1; cut <= CUTS; cut++) {
        load.awaitMore(100 + random.nextInt(200));
        disk.cut(random.nextLong(), server.withChildren());
        server.close();
        server = up();
      }
      load.awaitMore(100);
      load.awaitKept(http, reader);
    }
    assertThat(v2.devices(device.token()).ok()).as("a session of before").isTrue();
    assertThat(v2.newUser().userId()).as("a new user").isGreaterThan(device.userId());
  }

  @Test
  void fullDiskIsSaidInTimeAndOverWhenThereIsRoom() {
    long room = Clients.newRoom();
    V1Http http = new V1Http(endpoints.apiAddress());
    V2Http v2 = new V2Http(endpoints.apiAddress());
    User reader = http.newUser();
    Login device = v2.newUser();
    try (Load load = load(http, room)) {
      v2.join(device.token(), room);
      load.awaitMore(100);
      disk.full(100_000);
      Answer refused =
          Eventually.find(
              "a refusal",
              BACK,
              () -> Stream.of(post(v2, device, room)).filter(answer -> !answer.ok()).findFirst());
      assertThat(refused.body().path("retryable").asBoolean()).as("%s", refused).isTrue();
      disk.room();
      Eventually.eventually("an acceptance", BACK, () -> post(v2, device, room).ok());
      load.awaitMore(100);
      load.awaitKept(http, reader);
    }
  }

  /** Fails by itself when there is no answer in time. */
  private Answer post(V2Http v2, Login device, long room) {
    String name = UUID.randomUUID().toString();
    return v2.post(
        device.token(), name, Json.of("conversation", "room:" + room, "text", "room for " + name));
  }
}
