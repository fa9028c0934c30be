package chat.parley.e2e.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.chaos.Device;
import chat.parley.chaos.Diary;
import chat.parley.client.Ack;
import chat.parley.client.MemoryState;
import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.Nodes;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1WebSocket;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Answer;
import chat.parley.e2e.support.V2Http.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** People on two nodes, with several devices, by every carrier; and one of the nodes dies. */
class TwoNodesTest {
  private static final int BURST = 1_000;
  private static final Duration AFTER_A_KILL = Duration.ofSeconds(60);

  private static Nodes nodes;
  private final List<Device> devices = new ArrayList<>();
  private Clients one;
  private Clients two;

  @BeforeAll
  static void start() {
    nodes = new Nodes(Map.of());
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @BeforeEach
  void arrive() {
    nodes.restore();
    one = new Clients(nodes.endpoints(0));
    two = new Clients(nodes.endpoints(1));
  }

  @AfterEach
  void go() {
    devices.forEach(Device::close);
    one.close();
    two.close();
  }

  /** A device whose first node is this one, and which goes to the other when it must. */
  private Device device(String name, Login login, Carrier carrier, int node) {
    Device device =
        new Device(name, login, carrier, nodes.apis(node), nodes.addresses(carrier, node));
    devices.add(device);
    return device.start(new MemoryState()).awaitSynced();
  }

  private Login login() {
    return one.v2().newUser();
  }

  private static List<String> texts(Device device, String conversation) {
    return device.diary().runs(conversation).stream()
        .flatMap(run -> run.heard().stream())
        .map(Diary.Heard::text)
        .toList();
  }

  private static List<Long> seqs(Device device, String conversation) {
    return device.diary().runs(conversation).stream()
        .flatMap(run -> run.heard().stream())
        .map(Diary.Heard::seq)
        .toList();
  }

  /** All heard the same, numbered without a gap, each once. */
  private static void awaitAll(List<Device> devices, String conversation, List<String> expected) {
    for (Device device : devices) {
      Eventually.eventually(
          device.diary().device() + " to have " + expected.size() + " messages",
          AFTER_A_KILL,
          () -> texts(device, conversation).size() >= expected.size());
      assertThat(texts(device, conversation))
          .as("%s in %s", device.diary().device(), conversation)
          .isEqualTo(expected);
      assertThat(seqs(device, conversation))
          .containsExactlyElementsOf(LongStream.rangeClosed(1, expected.size()).boxed().toList());
    }
  }

  private static Ack acked(CompletableFuture<Ack> sent) throws Exception {
    return sent.get(AFTER_A_KILL.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void roomAndDirectMessagesReachEveryDeviceOfEverybodyOnceInOrder() throws Exception {
    Login a = login();
    Login b = login();
    Login c = login();
    long room = Clients.newRoom();
    Device a1 = device("a1", a, Carrier.WEB_SOCKET_PROTOBUF, 0);
    Login aOther = one.v2().anotherDevice(a, "other");
    Device a2 = device("a2", aOther, Carrier.WEB_SOCKET_JSON, 0);
    Device bTcp = device("b", b, Carrier.TCP, 1);
    Device cBefore = device("c", c, Carrier.WEB_SOCKET_JSON, 1);
    for (Device device : List.of(a1, a2, bTcp, cBefore)) {
      device.join(room);
    }
    cBefore.stop();
    User d = two.newUser();
    V1WebSocket v1 = two.join(d, room);
    List<String> said = new ArrayList<>();
    List<String> whispered = new ArrayList<>();
    for (int n = 1; n <= 30; n++) {
      Device speaker = List.of(a1, a2, bTcp).get(n % 3);
      said.add("to the room " + n);
      acked(speaker.client().sendToRoom(room, said.get(n - 1)));
      whispered.add("between a and c " + n);
      acked(List.of(a1, a2).get(n % 2).client().sendToUser(c.userId(), whispered.get(n - 1)));
    }
    acked(a1.client().sendToUser(d.id(), "from a to d"));
    assertThat(two.http().push(d, a.userId(), room, "from d to a").ok()).isTrue();
    assertThat(two.http().pushRoom(d, room, "d to the room").ok()).isTrue();
    said.add("d to the room");

    List<Device> present = List.of(a1, a2, bTcp);
    awaitAll(present, Rooms.conversation(room), said);
    awaitAll(List.of(a1, a2), Rooms.direct(a.userId(), c.userId()), whispered);
    awaitAll(
        List.of(a1, a2), Rooms.direct(a.userId(), d.id()), List.of("from a to d", "from d to a"));
    assertThat(texts(bTcp, Rooms.direct(a.userId(), c.userId()))).isEmpty();
    Eventually.eventually("all at the v1 client", () -> v1.texts().size() >= said.size());
    assertThat(v1.texts()).isEqualTo(said);
    v1.awaitFrame(V1Client.DIRECT, frame -> frame.path("msg").asText().equals("from a to d"));

    comesBack(c, room, said, whispered, a.userId());
  }

  /** On a device that was connected before, which has lost its memory, and on a new one. */
  private void comesBack(
      Login c, long room, List<String> said, List<String> whispered, long friend) {
    String direct = Rooms.direct(c.userId(), friend);
    Device known = device("c again", c, Carrier.WEB_SOCKET_PROTOBUF, 0);
    awaitAll(List.of(known), Rooms.conversation(room), said);
    awaitAll(List.of(known), direct, whispered);
    Device fresh = device("c new", one.v2().anotherDevice(c, "new"), Carrier.TCP, 1);
    awaitAll(List.of(fresh), direct, whispered);
    assertThat(texts(fresh, Rooms.conversation(room))).isEmpty();
    fresh.diary().joins(Rooms.conversation(room));
    fresh.client().join(room, 0);
    awaitAll(List.of(fresh), Rooms.conversation(room), said);
  }

  @Test
  void burstGoesOnAtTheOtherNodeWhenItsNodeIsKilled() throws Exception {
    Login a = login();
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    Device a1 = device("a1", a, Carrier.WEB_SOCKET_PROTOBUF, 0);
    Device a2 = device("a2", one.v2().anotherDevice(a, "other"), Carrier.WEB_SOCKET_JSON, 0);
    Device b = device("b", login(), Carrier.TCP, 1);
    Device c = device("c", login(), Carrier.TCP, 0);
    for (Device device : List.of(a1, a2, b, c)) {
      device.join(room);
    }
    c.stop();
    List<CompletableFuture<Ack>> sends = new ArrayList<>();
    List<String> texts =
        IntStream.rangeClosed(1, BURST).mapToObj(n -> "of the burst " + n).toList();
    for (String text : texts) {
      sends.add(a1.client().sendToRoom(room, text));
      if (sends.size() == BURST / 2) {
        sends.get(BURST / 10).get(20, TimeUnit.SECONDS);
        nodes.node(0).kill9();
      }
    }
    List<Long> seqs = new ArrayList<>();
    for (CompletableFuture<Ack> send : sends) {
      seqs.add(acked(send).seq());
    }
    assertThat(seqs)
        .as("seqs in the order of sending")
        .containsExactlyElementsOf(LongStream.rangeClosed(1, BURST).boxed().toList());
    c.start(new MemoryState());
    awaitAll(List.of(a1, a2, b, c), conversation, texts);
  }

  @Test
  void postOfTheSameKeyIsTheSameMessageOnEveryNode() {
    Login sender = login();
    Login friend = login();
    V2Http[] apis = {one.v2(), two.v2()};
    var body = Json.of("toUserId", "" + friend.userId(), "text", "posted to both nodes");
    String key = UUID.randomUUID().toString();
    Answer first = apis[0].post(sender.token(), key, body);
    Answer second = apis[1].post(sender.token(), key, body);
    assertThat(first.status()).as("%s", first).isEqualTo(200);
    assertThat(second.status()).as("%s", second).isEqualTo(200);
    assertThat(second.body().path("repeated").asBoolean()).isTrue();
    assertThat(second.body().path("seq")).isEqualTo(first.body().path("seq"));
    assertThat(second.body().path("id")).isEqualTo(first.body().path("id"));
    Device device = device("friend", friend, Carrier.TCP, 1);
    awaitAll(
        List.of(device),
        Rooms.direct(sender.userId(), friend.userId()),
        List.of("posted to both nodes"));
  }

  /** The one who is replaced hears of it from the other node. */
  @Test
  void deviceThatConnectsToTheOtherNodeIsReplacedHere() {
    Login a = login();
    Device here = device("here", a, Carrier.WEB_SOCKET_JSON, 0);
    Device other = device("other", one.v2().anotherDevice(a, "o"), Carrier.WEB_SOCKET_JSON, 0);
    Device there = device("there", a, Carrier.TCP, 1);
    Eventually.eventually("the first to end", () -> here.ended() != null);
    assertThat(there.connected()).isTrue();
    assertThat(other.connected()).isTrue();
  }
}
