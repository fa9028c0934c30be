package chat.parley.e2e.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.client.Ack;
import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.Nodes;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Answer;
import chat.parley.e2e.support.V2Http.Login;
import chat.parley.e2e.v2.Checker.Kept;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Users with devices on two nodes, the rooms they are in, and the steps that they take. */
final class World implements AutoCloseable {
  private static final int USERS = 4;
  private static final int DEVICES_OF_EACH = 3;
  private static final int ROOMS = 3;
  private static final int MOST_UNDER_WAY = 20;
  private static final int PAGE = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What was acknowledged while a client lived to tell, for resends. */
  private record Acknowledged(ModelDevice sender, Ack ack, String text) {}

  private final Nodes nodes;
  private final Ledger ledger = new Ledger();
  private final List<ModelDevice> devices = new ArrayList<>();
  private final List<Long> rooms = new ArrayList<>();
  private final List<Long> users = new ArrayList<>();
  private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
  private int texts;

  World(Nodes nodes) {
    this.nodes = nodes;
    V2Http http = http(0);
    for (int u = 0; u < USERS; u++) {
      Login first = http.newUser();
      users.add(first.userId());
      for (int d = 0; d < DEVICES_OF_EACH; d++) {
        Login login = d == 0 ? first : http.anotherDevice(first, "device " + d);
        String name = "device %d (user %d)".formatted(devices.size(), first.userId());
        Carrier carrier = Carrier.values()[d % Carrier.values().length];
        devices.add(new ModelDevice(name, login, carrier, nodes, (u + d) % Nodes.COUNT, ledger));
      }
    }
    for (int r = 0; r < ROOMS; r++) {
      rooms.add(Clients.newRoom());
    }
    for (ModelDevice device : devices) {
      device.device().awaitSynced();
      rooms.forEach(room -> join(device, room));
    }
  }

  static int devices() {
    return USERS * DEVICES_OF_EACH;
  }

  private V2Http http(int node) {
    return new V2Http(nodes.apis(node).get(0));
  }

  /** Of a node that lives. */
  private V2Http http() {
    return http(nodes.node(0).isAlive() && nodes.node(0).isReady() ? 0 : 1);
  }

  void take(Schedule.Step step) {
    ModelDevice device = devices.get(step.device());
    device.revive();
    int choice = step.choice();
    switch (step.action()) {
      case SEND -> send(device, choice);
      case RESEND -> resend(choice);
      case CUT -> device.cut();
      case DOWN -> device.down();
      case UP -> device.up();
      case HOLD_TO_SERVER -> device.holdToServer();
      case HOLD_TO_CLIENT -> device.holdToClient();
      case RELEASE -> device.release();
      case RESTART -> device.restart();
      case CRASH -> device.crash();
      case FORGET -> device.forget();
      case LOGIN -> logIn(device);
      case JOIN -> joinOne(device, choice);
      case LEAVE -> leaveOne(device, choice);
    }
  }

  private void send(ModelDevice device, int choice) {
    if (!device.reachable() && device.underWay() >= MOST_UNDER_WAY) {
      return;
    }
    Eventually.eventually(
        "fewer messages under way",
        PATIENCE,
        () -> {
          device.revive();
          return !device.reachable() || device.underWay() < MOST_UNDER_WAY;
        });
    List<String> targets = new ArrayList<>();
    device.rooms().forEach(room -> targets.add(Rooms.conversation(room)));
    users.stream()
        .filter(user -> user != device.user())
        .forEach(user -> targets.add(Rooms.direct(user, device.user())));
    String text = "message " + ++texts + " of " + device.device().diary().device();
    device
        .send(targets.get(choice % targets.size()), text)
        .thenAccept(ack -> acknowledged.add(new Acknowledged(device, ack, text)));
  }

  /** Over HTTP with the token of the same device, or of another one of the user in that room. */
  private void resend(int choice) {
    List<Acknowledged> all = List.copyOf(acknowledged);
    if (all.isEmpty()) {
      return;
    }
    Acknowledged message = all.get(choice % all.size());
    String conversation = message.ack.conversation();
    List<ModelDevice> may =
        devices.stream()
            .filter(device -> device.user() == message.sender.user())
            // A session that has said no hello yet knows none of its device's rooms.
            .filter(device -> device.device().connected())
            .filter(device -> !conversation.startsWith("room:") || isIn(device, conversation))
            .toList();
    if (may.isEmpty()) {
      return;
    }
    String token = may.get(choice / 7 % may.size()).device().login().token();
    ObjectNode body = Json.of("conversation", conversation, "text", message.text);
    Eventually.eventually(
        "a resend to be answered",
        PATIENCE,
        () -> {
          Answer answer = http().post(token, message.ack.clientMessageId(), body);
          if (!answer.ok()) {
            throw new IllegalStateException(answer.toString());
          }
          note(message, answer.body());
          return true;
        });
  }

  private static boolean isIn(ModelDevice device, String conversation) {
    return device.rooms().stream().map(Rooms::conversation).anyMatch(conversation::equals);
  }

  private void note(Acknowledged message, JsonNode answer) {
    ledger.promised(
        new Ledger.Promised(
            answer.path("conversation").asText(),
            answer.path("seq").asLong(),
            answer.path("id").asLong(),
            message.sender.user(),
            message.ack.clientMessageId(),
            message.text));
  }

  private void logIn(ModelDevice device) {
    Login before = device.device().login();
    Login[] again = new Login[1];
    Eventually.eventually(
        "a login",
        PATIENCE,
        () -> {
          again[0] = http().again(before);
          return true;
        });
    assertThat(again[0].deviceId()).isEqualTo(before.deviceId());
    device.logIn(again[0]);
  }

  private void joinOne(ModelDevice device, int choice) {
    long room = rooms.get(choice % rooms.size());
    if (!device.rooms().contains(room)) {
      reachable(device);
      join(device, room);
    }
  }

  private void join(ModelDevice device, long room) {
    device.device().join(room);
    device.rooms().add(room);
  }

  private void leaveOne(ModelDevice device, int choice) {
    long room = rooms.get(choice % rooms.size());
    if (device.rooms().contains(room)) {
      reachable(device);
      // What it had handed in for the room is accepted before it goes.
      Eventually.eventually("acks", PATIENCE, () -> device.underWay() == 0);
      device.device().awaitSynced();
      device.rooms().remove(room);
      device.device().leave(room);
    }
  }

  private static void reachable(ModelDevice device) {
    device.up();
    device.release();
  }

  /** Everybody is reachable, nothing is under way: then every promise must be kept. */
  void settle() {
    devices.forEach(World::reachable);
    Eventually.eventually(
        "all acks",
        PATIENCE,
        () -> {
          devices.forEach(ModelDevice::revive);
          List<String> waiting =
              devices.stream()
                  .filter(device -> device.underWay() > 0)
                  .map(device -> device.device().diary().device() + ": " + device.underWay())
                  .toList();
          if (!waiting.isEmpty()) {
            throw new IllegalStateException("without an ack: " + waiting);
          }
          return true;
        });
    for (ModelDevice device : devices) {
      Eventually.eventually(
          device.device().diary().device() + " to be synced",
          PATIENCE,
          () -> {
            device.revive();
            return device.device().synced();
          });
    }
    devices.forEach(ModelDevice::settled);
    Eventually.holds(
        PATIENCE,
        () ->
            assertThat(
                    Checker.faults(
                        ledger,
                        history(),
                        devices.stream().map(device -> device.device().diary()).toList()))
                .isEmpty());
  }

  /** Every conversation, read by somebody who may. */
  private Map<String, List<Kept>> history() {
    Set<String> conversations = new LinkedHashSet<>();
    rooms.forEach(room -> conversations.add(Rooms.conversation(room)));
    ledger.handedIn().forEach(message -> conversations.add(message.conversation()));
    Map<String, List<Kept>> history = new LinkedHashMap<>();
    for (String conversation : conversations) {
      history.put(conversation, read(conversation));
    }
    return history;
  }

  private List<Kept> read(String conversation) {
    List<Kept> kept = new ArrayList<>();
    V2Http http = http();
    String token = reader(conversation).device().login().token();
    boolean more = true;
    while (more) {
      long after = kept.isEmpty() ? 0 : kept.get(kept.size() - 1).seq();
      Answer page = http.messages(token, conversation, "after=" + after + "&limit=" + PAGE);
      assertThat(page.ok()).as("history of %s: %s", conversation, page).isTrue();
      for (JsonNode message : page.body().path("messages")) {
        kept.add(
            new Kept(
                message.path("seq").asLong(),
                message.path("id").asLong(),
                message.path("senderId").asLong(),
                message.path("text").asText()));
      }
      more = page.body().path("hasMore").asBoolean();
    }
    return kept;
  }

  private ModelDevice reader(String conversation) {
    Stream<ModelDevice> may =
        conversation.startsWith("room:")
            ? Stream.concat(
                devices.stream().filter(device -> isIn(device, conversation)), devices.stream())
            : devices.stream()
                .filter(device -> List.of(conversation.split(":")).contains("" + device.user()));
    return may.findFirst().orElseThrow();
  }

  /** What was done so far, in figures. */
  String figures() {
    Map<String, Integer> losses = new TreeMap<>();
    devices.forEach(
        device -> device.device().losses().forEach((why, n) -> losses.merge(why, n, Integer::sum)));
    return "%d messages handed in, %d acks, %d clients replaced by themselves, connections lost: %s"
        .formatted(
            ledger.handedIn().size(),
            ledger.promised().size(),
            devices.stream().mapToInt(ModelDevice::revivals).sum(),
            losses);
  }

  @Override
  public void close() {
    devices.forEach(ModelDevice::close);
  }
}
