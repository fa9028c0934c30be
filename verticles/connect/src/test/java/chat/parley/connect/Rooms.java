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
  private final List<MessageConsumer<?>> served = new ArrayList<>();
  private boolean losing;
  private int fetches;

  Rooms(Vertx vertx, JsonObject config) {
    this.vertx = vertx;
    this.stores = Await.get(RedisStores.open(vertx, config));
  }

  void serve() {
    on(Addresses.JOIN_ROOM, this::join);
    on(Addresses.SEND, this::send);
    on(Addresses.FETCH, this::fetch);
    on(Addresses.HEADS, this::heads);
  }

  void away() {
    served.forEach(consumer -> Await.get(consumer.unregister()));
    served.clear();
  }

  private <T, R> void on(String address, Function<T, R> answer) {
    MessageConsumer<T> consumer =
        vertx.eventBus().consumer(address, (Message<T> request) -> answer(request, answer));
    served.add(consumer);
    Await.get(consumer.completion());
  }

  private <T, R> void answer(Message<T> request, Function<T, R> answer) {
    try {
      request.reply(answer.apply(request.body()), ProtoCodec.options());
    } catch (ChatError e) {
      e.failTo(request);
    }
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

  /** From now on messages are kept, and not delivered. */
  synchronized void losing(boolean lost) {
    losing = lost;
  }

  synchronized int fetches() {
    return fetches;
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

  Future<Map<String, Set<String>>> nodesOf(String topic) {
    return stores.topics().nodesOf(List.of(topic));
  }

  int count(long roomId) {
    return Await.get(stores.presence().count(roomId));
  }

  private synchronized RoomJoined join(JoinRoom request) {
    return RoomJoined.newBuilder()
        .setIdentity(who(request.getToken()))
        .setHead(of(Conversations.ofRoom(request.getRoomId())).size())
        .build();
  }

  private synchronized SendAck send(SendMessage request) {
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
            .setSeq(of(conversation).size() + 1)
            .build();
    of(conversation).add(message);
    if (!losing && toRoom) {
      deliver(conversation, List.of(message));
    } else if (!losing) {
      deliver(Conversations.topicOfUser(sender.getUserId()), List.of(message));
      deliver(Conversations.topicOfUser(request.getToUserId()), List.of(message));
    }
    return SendAck.newBuilder().setConversation(conversation).setSeq(message.getSeq()).build();
  }

  private synchronized FetchedMessages fetch(FetchMessages request) {
    fetches++;
    List<ChatMessage> all = of(request.getConversation());
    int from = (int) Math.min(all.size(), request.getAfter());
    int to = Math.min(all.size(), from + request.getLimit());
    return FetchedMessages.newBuilder()
        .addAllMessages(all.subList(from, to))
        .setHasMore(to < all.size())
        .build();
  }

  private synchronized Heads heads(ReadHeads request) {
    Heads.Builder heads = Heads.newBuilder();
    for (String conversation : request.getConversationsList()) {
      if (!of(conversation).isEmpty()) {
        heads.putHeads(conversation, of(conversation).size());
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

  private List<ChatMessage> of(String conversation) {
    return kept.computeIfAbsent(conversation, c -> new ArrayList<>());
  }

  private Identity who(String token) {
    Identity identity = tokens.get(token);
    if (identity == null) {
      throw new ChatError(ErrorCode.UNAUTHENTICATED, "Session error");
    }
    return identity;
  }
}
