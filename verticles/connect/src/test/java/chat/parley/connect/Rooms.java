package chat.parley.connect;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.Deliver;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.FetchedMessages;
import chat.parley.proto.Heads;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.ReadHeads;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.proto.TopicMessages;
import chat.parley.stores.redis.RedisStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A small service in logic's and task's place, which a test can make lose, repeat and withhold: it
 * accepts, keeps and delivers, over the real bus and the real directory of topics.
 */
final class Rooms {
  private static final int LONGEST_TEXT = 20_000;

  private final Vertx vertx;
  private final RedisStores stores;
  private final Map<String, Identity> tokens = new HashMap<>();
  private final Map<String, List<ChatMessage>> kept = new HashMap<>();
  private final Map<String, Long> trimmed = new HashMap<>();
  private final Map<String, Long> stored = new HashMap<>();
  private final List<MessageConsumer<?>> served = new ArrayList<>();
  private final Map<String, List<Runnable>> held = new HashMap<>();
  private final Devices devices = new Devices(this);
  private boolean losing;
  private boolean nothingWaits;
  private int fetches;
  private int looks;

  Rooms(Vertx vertx, JsonObject config) {
    this.vertx = vertx;
    this.stores = Await.get(RedisStores.open(vertx, config));
  }

  void serve() {
    on(Addresses.JOIN_ROOM, this::join);
    on(Addresses.SEND, this::send);
    on(Addresses.FETCH, this::fetch);
    on(Addresses.HEADS, this::heads);
    devices.serve();
  }

  /** What v2 asks for. */
  Devices devices() {
    return devices;
  }

  void away() {
    served.forEach(consumer -> Await.get(consumer.unregister()));
    served.clear();
  }

  <T, R> void on(String address, Function<T, R> answer) {
    MessageConsumer<T> consumer =
        vertx.eventBus().consumer(address, (Message<T> request) -> answer(request, answer));
    served.add(consumer);
    Await.get(consumer.completion());
  }

  private synchronized <T, R> void answer(Message<T> request, Function<T, R> answer) {
    Runnable reply = answerTo(request, answer);
    if (held.containsKey(request.address())) {
      held.get(request.address()).add(reply);
    } else {
      reply.run();
    }
  }

  private <T, R> Runnable answerTo(Message<T> request, Function<T, R> answer) {
    try {
      R result = answer.apply(ProtoCodec.bodyOf(request));
      return () -> request.reply(result, ProtoCodec.options());
    } catch (ChatError e) {
      return () -> e.failTo(request);
    }
  }

  /** Requests to this address are performed, but their answers wait for {@link #letGo}. */
  synchronized void hold(String address) {
    held.put(address, new ArrayList<>());
  }

  /** Waits until an answer waits at an address. */
  void awaitHeld(String address) {
    Await.until("an answer waits at " + address, () -> waitingAt(address) > 0);
  }

  private synchronized int waitingAt(String address) {
    return held.get(address).size();
  }

  synchronized void letGo(String address) {
    held.remove(address).forEach(Runnable::run);
  }

  /** Makes a user; the token is {@code token-ID}. */
  synchronized String user(long id, String name) {
    String token = "token-" + id;
    tokens.put(
        token,
        Identity.newBuilder()
            .setUserId(id)
            .setUserName(name)
            .setSessionId("session-" + id)
            .build());
    return token;
  }

  /** Makes a session of a device; the token is {@code device-ID}. */
  synchronized String device(long deviceId, long userId, String name) {
    String token = "device-" + deviceId;
    tokens.put(
        token,
        Identity.newBuilder()
            .setUserId(userId)
            .setUserName(name)
            .setSessionId("session-of-" + token)
            .setDeviceId(deviceId)
            .build());
    return token;
  }

  synchronized void forget(String token) {
    tokens.remove(token);
  }

  /** Nothing up to this seq is kept any more. */
  synchronized void trim(String conversation, long seq) {
    trimmed.put(conversation, seq);
  }

  /** Nothing after this seq is stored yet, though it is accepted. */
  synchronized void storedUpTo(String conversation, long seq) {
    stored.put(conversation, seq);
  }

  /** Whether fetch may say that what is expected is gone. */
  synchronized void nothingWaits() {
    nothingWaits = true;
  }

  /** From now on messages are kept, and not delivered. */
  synchronized void losing(boolean lost) {
    losing = lost;
  }

  synchronized int fetches() {
    return fetches;
  }

  /** Waits until so many looks at the heads have begun from now on. */
  void awaitLooks(int more) {
    int before = looks();
    Await.until(more + " looks", () -> looks() >= before + more);
  }

  private synchronized int looks() {
    return looks;
  }

  void say(long roomId, String token, String text) {
    send(SendMessage.newBuilder().setToken(token).setRoomId(roomId).setText(text).build());
  }

  void whisper(String token, long toUserId, String text) {
    send(SendMessage.newBuilder().setToken(token).setToUserId(toUserId).setText(text).build());
  }

  /** Delivers messages of a room, given by their seqs, once more or for the first time. */
  synchronized void deliver(long roomId, long... seqs) {
    String room = Conversations.ofRoom(roomId);
    List<ChatMessage> messages = new ArrayList<>();
    for (long seq : seqs) {
      messages.add(kept.get(room).get((int) seq - 1));
    }
    deliver(room, messages);
  }

  /** Delivers a direct message to a user, once more or for the first time. */
  synchronized void deliverTo(long userId, String conversation, long seq) {
    deliver(Conversations.topicOfUser(userId), List.of(kept.get(conversation).get((int) seq - 1)));
  }

  Future<Map<String, Set<String>>> nodesOf(String topic) {
    return stores.topics().nodesOf(List.of(topic));
  }

  /** Waits until so many are listed, also while Redis does not answer. */
  void awaitCount(long roomId, int count) {
    Await.until(
        count + " in room " + roomId,
        () -> Await.get(stores.presence().count(roomId).otherwise(-1)) == count);
  }

  int count(long roomId) {
    return Await.get(stores.presence().count(roomId));
  }

  private synchronized RoomJoined join(JoinRoom request) {
    if (who(request.getToken()).getDeviceId() != 0) {
      return devices.join(request);
    }
    return RoomJoined.newBuilder()
        .setIdentity(who(request.getToken()))
        .setHead(of(Conversations.ofRoom(request.getRoomId())).size())
        .build();
  }

  synchronized SendAck send(SendMessage request) {
    Identity sender = who(request.getToken());
    if (request.getText().length() > LONGEST_TEXT) {
      throw new ChatError(ErrorCode.TOO_LARGE, "message too large");
    }
    boolean toRoom = request.getRoomId() > 0;
    String conversation =
        toRoom
            ? Conversations.ofRoom(request.getRoomId())
            : Conversations.ofPair(sender.getUserId(), request.getToUserId());
    ChatMessage message =
        ChatMessage.newBuilder()
            .setConversation(conversation)
            .setSenderId(sender.getUserId())
            .setSenderName(sender.getUserName())
            .setRecipientId(request.getToUserId())
            .setText(request.getText())
            .setClientMessageId(request.getClientMessageId())
            .setId(1_000 + of(conversation).size())
            .setAcceptedAt(System.currentTimeMillis())
            .setSeq(of(conversation).size() + 1)
            .build();
    of(conversation).add(message);
    if (!losing && toRoom) {
      deliver(conversation, List.of(message));
    } else if (!losing) {
      deliver(Conversations.topicOfUser(sender.getUserId()), List.of(message));
      deliver(Conversations.topicOfUser(request.getToUserId()), List.of(message));
    }
    return SendAck.newBuilder()
        .setConversation(conversation)
        .setSeq(message.getSeq())
        .setId(message.getId())
        .setAcceptedAt(message.getAcceptedAt())
        .build();
  }

  private synchronized FetchedMessages fetch(FetchMessages request) {
    fetches++;
    String conversation = request.getConversation();
    long newest = Math.min(head(conversation), stored.getOrDefault(conversation, Long.MAX_VALUE));
    long after = Math.max(request.getAfter(), trimmed.getOrDefault(conversation, 0L));
    int from = (int) Math.min(newest, after);
    int to = (int) Math.min(newest, from + (long) request.getLimit());
    return FetchedMessages.newBuilder()
        .addAllMessages(of(conversation).subList(from, to))
        .setHasMore(to < newest)
        .setGone(from == to && request.getExpectedSince() > 0 && nothingWaits)
        .build();
  }

  private synchronized Heads heads(ReadHeads request) {
    looks++;
    Heads.Builder heads = Heads.newBuilder();
    for (String conversation : request.getConversationsList()) {
      long head = Math.min(head(conversation), stored.getOrDefault(conversation, Long.MAX_VALUE));
      if (head > 0) {
        heads.putHeads(conversation, head);
      }
    }
    return heads.build();
  }

  private void deliver(String topic, List<ChatMessage> messages) {
    Deliver deliver =
        Deliver.newBuilder()
            .addTopics(TopicMessages.newBuilder().setTopic(topic).addAllMessages(messages))
            .build();
    nodesOf(topic)
        .onSuccess(
            nodes ->
                nodes
                    .getOrDefault(topic, Set.of())
                    .forEach(
                        node ->
                            vertx
                                .eventBus()
                                .request(
                                    Addresses.deliveriesOf(node), deliver, ProtoCodec.options())));
  }

  /** Hands an event to the nodes that hold sessions of a user. */
  void tell(long userId, com.google.protobuf.Message event) {
    String topic = Conversations.topicOfUser(userId);
    nodesOf(topic)
        .onSuccess(
            nodes ->
                nodes
                    .getOrDefault(topic, Set.of())
                    .forEach(
                        node ->
                            vertx
                                .eventBus()
                                .send(Addresses.eventsOf(node), event, ProtoCodec.options())));
  }

  /** Names of the conversations that have a message. */
  synchronized Set<String> conversations() {
    return Set.copyOf(kept.keySet());
  }

  /** Seq of the newest message accepted. */
  synchronized long head(String conversation) {
    return of(conversation).size();
  }

  synchronized List<ChatMessage> of(String conversation) {
    return kept.computeIfAbsent(conversation, c -> new ArrayList<>());
  }

  synchronized Identity who(String token) {
    Identity identity = tokens.get(token);
    if (identity == null) {
      throw new ChatError(ErrorCode.UNAUTHENTICATED, "Session error");
    }
    return identity;
  }
}
