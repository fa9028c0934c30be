package chat.parley.chaos;

import chat.parley.client.Ack;
import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Answer;
import chat.parley.e2e.support.V2Http.Login;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Users with devices on several nodes, the rooms they are in, and the steps that they take.
 *
 * <p>Steps of one user are taken by one thread at a time; those of different users by any. Nobody
 * takes one while all of them settle.
 */
public final class World implements AutoCloseable {
  private static final int MOST_UNDER_WAY = 20;

  /** Longer than any fault lasts. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static final int DEVICES_OF_EACH = 3;

  /**
   * @param users how many there are
   * @param rooms that all of their devices are in at first
   * @param paced whether steps come at their own pace: what would have to wait is left out then
   */
  public record Size(int users, List<Long> rooms, boolean paced) {
    public int devices() {
      return users * DEVICES_OF_EACH;
    }
  }

  private final Servers servers;
  private final Size size;
  private final Ledger ledger;
  private final List<ModelDevice> devices = new ArrayList<>();
  private final List<Long> users = new ArrayList<>();
  private final List<Long> strangers = new CopyOnWriteArrayList<>();
  private final Map<Long, Memories> memories = new ConcurrentHashMap<>();
  private final AtomicInteger texts = new AtomicInteger();
  private final AtomicInteger resends = new AtomicInteger();

  public World(Servers servers, Size size, Ledger ledger) {
    this(servers, size, ledger, Diary::new);
  }

  /**
   * @param diaries makes one from a device's name and its user: a test's may lie
   */
  public World(Servers servers, Size size, Ledger ledger, BiFunction<String, Long, Diary> diaries) {
    this.servers = servers;
    this.size = size;
    this.ledger = ledger;
    for (int u = 0; u < size.users(); u++) {
      Login first = http().newUser();
      users.add(first.userId());
      memories.put(first.userId(), new Memories());
      for (int d = 0; d < DEVICES_OF_EACH; d++) {
        Login login = d == 0 ? first : http().anotherDevice(first, "device " + d);
        String name = "device %d (user %d)".formatted(devices.size(), first.userId());
        Carrier carrier = Carrier.values()[d % Carrier.values().length];
        int home = (u + d) % servers.count();
        Diary diary = diaries.apply(name, login.userId());
        devices.add(new ModelDevice(diary, login, carrier, servers, home, ledger));
      }
    }
    for (ModelDevice device : devices) {
      device.device().awaitSynced();
      size.rooms().forEach(room -> join(device, room));
    }
  }

  private V2Http http() {
    return new V2Http(servers.api());
  }

  /** Number of the first device of a user; two others follow it. */
  static int firstDeviceOf(int user) {
    return user * DEVICES_OF_EACH;
  }

  static int devicesOfEach() {
    return DEVICES_OF_EACH;
  }

  List<Long> users() {
    return users;
  }

  /** Somebody without devices of ours, whom all may write to. */
  void introduce(long stranger) {
    strangers.add(stranger);
  }

  public void take(Schedule.Step step) {
    ModelDevice device = devices.get(step.device());
    revive(device);
    int choice = step.choice();
    switch (step.action()) {
      case SEND -> send(device, choice);
      case RESEND -> resend(device.user(), choice);
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
    boolean full = device.underWay() >= MOST_UNDER_WAY;
    if (full && (size.paced() || !device.reachable())) {
      return;
    }
    Eventually.eventually(
        "fewer messages under way",
        PATIENCE,
        () -> {
          revive(device);
          return !device.reachable() || device.underWay() < MOST_UNDER_WAY;
        });
    List<String> targets = new ArrayList<>();
    device.rooms().forEach(room -> targets.add(Conversations.room(room)));
    Stream.concat(users.stream(), strangers.stream())
        .filter(user -> user != device.user())
        .forEach(user -> targets.add(Conversations.direct(user, device.user())));
    String text = "message " + texts.incrementAndGet() + " of " + device.device().diary().device();
    device
        .send(targets.get(choice % targets.size()), text)
        .thenAccept(
            ack ->
                memories
                    .get(device.user())
                    .add(new Memories.Acknowledged(device, ack, text), choice));
  }

  /** Over HTTP with the token of the same device, or of another one of the user in that room. */
  private void resend(long user, int choice) {
    memories.get(user).pick(choice).ifPresent(message -> resend(message, choice));
  }

  private void resend(Memories.Acknowledged message, int choice) {
    String conversation = message.ack().conversation();
    List<ModelDevice> may =
        devices.stream()
            .filter(device -> device.user() == message.sender().user())
            // A session that has said no hello yet knows none of its device's rooms.
            .filter(device -> device.device().connected())
            .filter(device -> !Conversations.isRoom(conversation) || isIn(device, conversation))
            .toList();
    if (may.isEmpty()) {
      return;
    }
    String token = may.get(choice / 7 % may.size()).device().login().token();
    ObjectNode body = Json.of("conversation", conversation, "text", message.text());
    Eventually.eventually(
        "a resend to be answered",
        PATIENCE,
        () -> {
          Answer answer = http().post(token, message.ack().clientMessageId(), body);
          if (!answer.ok()) {
            throw new IllegalStateException(answer.toString());
          }
          note(message, answer);
          return true;
        });
  }

  static boolean isIn(ModelDevice device, String conversation) {
    return device.rooms().stream().map(Conversations::room).anyMatch(conversation::equals);
  }

  private void note(Memories.Acknowledged message, Answer answer) {
    Ack ack = message.ack();
    long user = message.sender().user();
    resends.incrementAndGet();
    String conversation = answer.body().path("conversation").asText();
    long seq = answer.body().path("seq").asLong();
    long id = answer.body().path("id").asLong();
    // The first ack may have been compared and let go long ago.
    ledger.promised(
        new Ledger.Promised(
            ack.conversation(), ack.seq(), ack.id(), user, ack.clientMessageId(), null));
    ledger.promised(new Ledger.Promised(conversation, seq, id, user, ack.clientMessageId(), null));
  }

  private void revive(ModelDevice device) {
    device.revive();
    if (device.isLoggedOut()) {
      logIn(device);
    }
  }

  private void logIn(ModelDevice device) {
    Login before = device.device().login();
    Login[] again = new Login[1];
    int[] attempts = new int[1];
    Eventually.eventually(
        "a login",
        PATIENCE,
        () -> {
          attempts[0]++;
          again[0] = http().again(before);
          return true;
        });
    if (attempts[0] > 1 && servers.haveCables()) {
      device.loginUnanswered();
    }
    if (again[0].deviceId() != before.deviceId()) {
      throw new AssertionError("logged in as " + again[0] + ", not as " + before);
    }
    device.logIn(again[0]);
  }

  private void joinOne(ModelDevice device, int choice) {
    long room = size.rooms().get(choice % size.rooms().size());
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
    long room = size.rooms().get(choice % size.rooms().size());
    if (device.rooms().contains(room)) {
      reachable(device);
      // What it had handed in for the room is accepted before it goes.
      device.device().awaitSynced();
      Eventually.eventually("acks", PATIENCE, () -> device.unsent() == 0);
      device.rooms().remove(room);
      device.device().leave(room);
    }
  }

  private static void reachable(ModelDevice device) {
    device.up();
    device.release();
  }

  /**
   * Everybody is reachable, nothing is under way: then every promise must be kept.
   *
   * @throws AssertionError when that does not come to pass in time
   */
  public void rest() {
    devices.forEach(World::reachable);
    Eventually.eventually(
        "all acks",
        PATIENCE,
        () -> {
          devices.forEach(this::revive);
          List<String> waiting =
              devices.stream()
                  .filter(device -> device.unsent() > 0)
                  .map(device -> device.device().diary().device() + ": " + device.unsent())
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
            revive(device);
            return device.device().synced();
          });
    }
    devices.forEach(ModelDevice::settled);
  }

  /** What is wrong now, everybody being at {@link #rest}. */
  public List<Finding> compare(Checker checker) {
    return checker.compare(histories().of(checker, conversations()), diaries());
  }

  Histories histories() {
    return new Histories(servers, devices);
  }

  /** All that there may be a history of. */
  Set<String> conversations() {
    Set<String> all = new TreeSet<>();
    size.rooms().forEach(room -> all.add(Conversations.room(room)));
    for (long one : users) {
      Stream.concat(users.stream(), strangers.stream())
          .filter(other -> other != one)
          .forEach(other -> all.add(Conversations.direct(one, other)));
    }
    return all;
  }

  List<Diary> diaries() {
    return devices.stream().map(device -> device.device().diary()).toList();
  }

  /** Rests, and compares until nothing is wrong or the patience is at its end. */
  public List<Finding> settle(Checker checker) {
    rest();
    return Comparison.repeated(PATIENCE, () -> compare(checker));
  }

  /** Users that should be in a room: a device of theirs is. */
  Set<Long> usersIn(long room) {
    Set<Long> present = new TreeSet<>();
    devices.stream()
        .filter(device -> device.rooms().contains(room))
        .forEach(device -> present.add(device.user()));
    return present;
  }

  /** Messages that were sent once more under their id. */
  int resends() {
    return resends.get();
  }

  /** A session of a device that is in a room; empty when none is. */
  Optional<String> tokenIn(long room) {
    return devices.stream()
        .filter(device -> device.rooms().contains(room))
        .map(device -> device.device().login().token())
        .findFirst();
  }

  /** What was done so far, in figures. */
  public String figures() {
    Map<String, Integer> losses = new TreeMap<>();
    devices.forEach(
        device -> device.device().losses().forEach((why, n) -> losses.merge(why, n, Integer::sum)));
    return "%d messages handed in, %d acknowledged, %d clients replaced by themselves, connections lost: %s"
        .formatted(
            texts.get(),
            ledger.acknowledged(),
            devices.stream().mapToInt(ModelDevice::revivals).sum(),
            losses);
  }

  @Override
  public void close() {
    devices.forEach(ModelDevice::close);
  }
}
