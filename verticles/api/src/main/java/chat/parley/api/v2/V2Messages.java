package chat.parley.api.v2;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.LogicClient;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Sends messages. */
final class V2Messages {
  private static final String KEY_HEADER = "Idempotency-Key";
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");

  private final LogicClient logic;
  private final long deadlineMs;

  /**
   * @param deadline within which a send is answered, also one that asks logic twice
   */
  V2Messages(LogicClient logic, Duration deadline) {
    this.logic = logic;
    this.deadlineMs = deadline.toMillis();
  }

  List<V2Route> routes() {
    return List.of(V2Route.postJson("/api/v2/messages", this::send));
  }

  private Future<V2Answer> send(V2Request request) {
    String key = key(request);
    SendMessage.Builder message =
        SendMessage.newBuilder()
            .setToken(request.token())
            .setText(request.body().requiredString("text"))
            .setClientMessageId(key)
            // A service that repeats a request after a failure repeats it as it was, and cannot
            // mark it. So each one counts as repeated: an indexed look-up in the store for every
            // message makes the key good for 24 hours.
            .setResend(true);
    return accepted(request.body(), message).map(ack -> V2Answer.ok(json(key, ack)));
  }

  private static String key(V2Request request) {
    String key = request.header(KEY_HEADER);
    if (key.isEmpty()) {
      throw bad("a header is missing: " + KEY_HEADER + ", the name of this message");
    }
    if (!KEY.matcher(key).matches()) {
      throw bad(KEY_HEADER + " must be 1 to 128 visible ASCII characters");
    }
    return key;
  }

  private Future<SendAck> accepted(V2Body body, SendMessage.Builder message) {
    long targets = Stream.of("roomId", "toUserId", "conversation").filter(body::has).count();
    if (targets != 1) {
      throw bad("one of roomId, toUserId and conversation is required");
    }
    if (body.has("roomId")) {
      return logic.send(message.setRoomId(body.id("roomId")).build());
    }
    if (body.has("toUserId")) {
      return logic.send(message.setToUserId(body.id("toUserId")).build());
    }
    return sendTo(body.requiredString("conversation"), message);
  }

  private Future<SendAck> sendTo(String conversation, SendMessage.Builder message) {
    if (Conversations.isRoomName(conversation)) {
      return logic.send(message.setRoomId(Conversations.roomOf(conversation)).build());
    }
    if (!Conversations.isDirect(conversation)) {
      throw bad("conversation must be room:ID or direct:ID:ID");
    }
    // Who the other one is depends on who asks.
    return logic
        .checkAuth(CheckAuth.newBuilder().setToken(message.getToken()).build())
        .map(who -> peer(conversation, who.getUserId()))
        .compose(peer -> logic.send(message.setToUserId(peer).build()))
        .timeout(deadlineMs, TimeUnit.MILLISECONDS);
  }

  private static long peer(String conversation, long userId) {
    long peer = Conversations.peerOf(conversation, userId);
    if (peer == 0) {
      throw new ChatError(ErrorCode.FORBIDDEN, "conversation is none of yours");
    }
    return peer;
  }

  private static JsonObject json(String key, SendAck ack) {
    return new JsonObject()
        .put("clientMessageId", key)
        .put("conversation", ack.getConversation())
        .put("seq", Long.toString(ack.getSeq()))
        .put("id", Long.toString(ack.getId()))
        .put("acceptedAt", Long.toString(ack.getAcceptedAt()))
        .put("repeated", ack.getRepeated());
  }

  private static ChatError bad(String text) {
    return new ChatError(ErrorCode.BAD_REQUEST, text);
  }
}
