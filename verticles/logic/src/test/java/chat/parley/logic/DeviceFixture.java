package chat.parley.logic;

import chat.parley.bus.Addresses;
import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.ConnectionAdmitted;
import chat.parley.proto.ConnectionOpened;
import chat.parley.proto.Device;
import chat.parley.proto.Devices;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.LeaveRoom;
import chat.parley.proto.ListDevices;
import chat.parley.proto.Login;
import chat.parley.proto.MessagesSent;
import chat.parley.proto.OpenConnection;
import chat.parley.proto.Register;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SendMessages;
import chat.parley.proto.SessionEnded;
import chat.parley.proto.SessionKind;
import chat.parley.proto.SessionOpened;
import chat.parley.proto.Standing;
import chat.parley.stores.PushQueue;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeAll;

/** Logic, asked by devices. Ids of messages are remembered for as long as a test runs. */
abstract class DeviceFixture extends LogicFixture {
  private final Map<Long, BlockingQueue<Message>> events = new ConcurrentHashMap<>();

  @Override
  void adjust(JsonObject settings) {
    settings.getJsonObject("redis").put("remember-ids", "10m");
  }

  /** A user with its first device. */
  SessionOpened user(String name) {
    return await(
        ask(
            logic ->
                logic.register(
                    Register.newBuilder()
                        .setUserName(name)
                        .setPassword(PASSWORD)
                        .setKind(SessionKind.SESSION_KIND_DEVICE)
                        .setDeviceName("phone")
                        .build())));
  }

  /** A login of a device, of a new one for 0. */
  Future<SessionOpened> loginOf(String name, long deviceId) {
    return ask(
        logic ->
            logic.login(
                Login.newBuilder()
                    .setUserName(name)
                    .setPassword(PASSWORD)
                    .setKind(SessionKind.SESSION_KIND_DEVICE)
                    .setDeviceId(deviceId)
                    .setDeviceName("laptop")
                    .build()));
  }

  List<Device> devicesOf(SessionOpened session) {
    ListDevices request = ListDevices.newBuilder().setToken(session.getToken()).build();
    Devices devices = await(ask(logic -> logic.devices(request)));
    return devices.getDevicesList();
  }

  Future<Identity> check(SessionOpened session) {
    return ask(
        logic -> logic.checkAuth(CheckAuth.newBuilder().setToken(session.getToken()).build()));
  }

  @BeforeAll
  void listen() {
    await(
        vertx
            .eventBus()
            .<Message>consumer(
                Addresses.eventsOf(node.nodeId()),
                event -> queueFor(event.body()).add(event.body()))
            .completion());
  }

  /** What the nodes of a user are told from now on. */
  BlockingQueue<Message> eventsOf(SessionOpened session) {
    await(
        redisStores
            .topics()
            .subscribe(node.nodeId() + "/0", Conversations.topicOfUser(idOf(session))));
    return events.computeIfAbsent(idOf(session), user -> new LinkedBlockingQueue<>());
  }

  private BlockingQueue<Message> queueFor(Message event) {
    long user =
        event instanceof SessionEnded ended
            ? ended.getUserId()
            : ((ConnectionOpened) event).getUserId();
    return events.computeIfAbsent(user, id -> new LinkedBlockingQueue<>());
  }

  Future<ConnectionAdmitted> open(OpenConnection.Builder request, SessionOpened session) {
    OpenConnection complete = request.setToken(session.getToken()).build();
    return ask(logic -> logic.openConnection(complete));
  }

  ConnectionAdmitted opened(SessionOpened session) {
    return await(open(OpenConnection.newBuilder(), session));
  }

  Future<RoomJoined> join(SessionOpened session, long room, long after) {
    JoinRoom request =
        JoinRoom.newBuilder().setToken(session.getToken()).setRoomId(room).setAfter(after).build();
    return ask(logic -> logic.joinRoom(request));
  }

  Future<RoomLeft> leave(SessionOpened session, long room) {
    LeaveRoom request = LeaveRoom.newBuilder().setToken(session.getToken()).setRoomId(room).build();
    return ask(logic -> logic.leaveRoom(request));
  }

  Future<MessagesSent> sendMany(SessionOpened sender, List<SendMessage> messages) {
    SendMessages request =
        SendMessages.newBuilder().setToken(sender.getToken()).addAllMessages(messages).build();
    return ask(logic -> logic.sendMany(request));
  }

  /** Sends direct messages, which are stored when this returns. */
  void written(SessionOpened from, SessionOpened to, int messages) {
    for (int i = 0; i < messages; i++) {
      SendMessage message = toUser(to, "m" + i).setToken(from.getToken()).build();
      await(ask(logic -> logic.send(message)));
    }
    stored(pair(from, to));
  }

  /** Posts to a room, joined before, and stores it. */
  void posted(SessionOpened from, long room, int messages) {
    await(join(from.getToken(), room));
    for (int i = 0; i < messages; i++) {
      SendMessage message = toRoom(from.getToken(), room, "m" + i).build();
      await(ask(logic -> logic.send(message)));
    }
    stored(Conversations.ofRoom(room));
  }

  /** The queue's entries of a conversation, in their order. */
  List<ChatMessage> queued(String conversation) {
    int partition = Conversations.partitionOf(conversation, queue.partitions());
    PushQueue.Slice slice = await(queue.read(partition, 0, 100_000));
    return slice.messages().stream().filter(m -> m.getConversation().equals(conversation)).toList();
  }

  /** What a worker does with a conversation's partition once everything is stored. */
  void trimmed(String conversation) {
    int partition = Conversations.partitionOf(conversation, queue.partitions());
    PushQueue.Lease lease =
        await(redisStores.partitions().acquire(partition, "test")).orElseThrow();
    await(queue.trim(lease, await(queue.read(partition, 0, 100_000)).next()));
    await(redisStores.partitions().release(lease));
  }

  long depth(String conversation) {
    return await(queue.depth(Conversations.partitionOf(conversation, queue.partitions())));
  }

  static SendMessage.Builder toUser(SessionOpened to, String text) {
    return SendMessage.newBuilder().setToUserId(idOf(to)).setText(text);
  }

  static String pair(SessionOpened a, SessionOpened b) {
    return Conversations.ofPair(idOf(a), idOf(b));
  }

  static long idOf(SessionOpened session) {
    return session.getIdentity().getUserId();
  }

  static long deviceOf(SessionOpened session) {
    return session.getIdentity().getDeviceId();
  }

  static Standing standing(String conversation, long after, long head) {
    return Standing.newBuilder()
        .setConversation(conversation)
        .setAfter(after)
        .setHead(head)
        .build();
  }
}
