package chat.parley.api.v2;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.LogicClient;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.ListConversations;
import chat.parley.proto.ReadHistory;
import chat.parley.proto.Standing;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** The caller's conversations, and what is kept of them. */
final class V2Conversations {
  private final LogicClient logic;

  V2Conversations(LogicClient logic) {
    this.logic = logic;
  }

  List<V2Route> routes() {
    return List.of(
        V2Route.get("/api/v2/conversations", this::list),
        V2Route.get("/api/v2/conversations/{conversation}/messages", this::readHistory));
  }

  private Future<V2Answer> list(V2Request request) {
    return logic
        .conversations(ListConversations.newBuilder().setToken(request.token()).build())
        .map(
            found -> {
              JsonArray list = new JsonArray();
              found.getStandingsList().forEach(standing -> list.add(json(standing)));
              return V2Answer.ok(new JsonObject().put("conversations", list));
            });
  }

  private Future<V2Answer> readHistory(V2Request request) {
    ReadHistory.Builder read =
        ReadHistory.newBuilder()
            .setToken(request.token())
            .setConversation(named(request.path("conversation")));
    Optional<Long> before = request.queryNumber("before");
    Optional<Long> after = request.queryNumber("after");
    if (before.isPresent() && after.isPresent()) {
      throw bad("before and after exclude each other");
    }
    before.ifPresent(read::setBefore);
    after.ifPresent(read::setAfter);
    // 0 leaves the size of the page to the server, which has a bound of its own anyway.
    long limit = request.queryNumber("limit").orElse(0L);
    read.setLimit((int) Math.min(limit, Integer.MAX_VALUE));
    return logic.history(read.build()).map(V2Conversations::json).map(V2Answer::ok);
  }

  /** A name that a conversation can have; whether the caller may read it is logic's to say. */
  private static String named(String conversation) {
    if (!Conversations.isRoomName(conversation) && !Conversations.isDirect(conversation)) {
      throw bad("the conversation in the path must be room:ID or direct:ID:ID");
    }
    return conversation;
  }

  private static JsonObject json(Standing standing) {
    return new JsonObject()
        .put("conversation", standing.getConversation())
        .put("head", Long.toString(standing.getHead()))
        .put("cursor", Long.toString(standing.getAfter()));
  }

  private static JsonObject json(HistoryPage page) {
    JsonArray messages = new JsonArray();
    page.getMessagesList().forEach(message -> messages.add(json(message)));
    return new JsonObject().put("messages", messages).put("hasMore", page.getHasMore());
  }

  private static JsonObject json(ChatMessage message) {
    JsonObject json =
        new JsonObject()
            .put("seq", Long.toString(message.getSeq()))
            .put("id", Long.toString(message.getId()))
            .put("acceptedAt", Long.toString(message.getAcceptedAt()))
            .put("senderId", Long.toString(message.getSenderId()))
            .put("senderName", message.getSenderName());
    if (message.getRecipientId() != 0) {
      json.put("recipientId", Long.toString(message.getRecipientId()))
          .put("recipientName", message.getRecipientName());
    }
    return json.put("text", message.getText());
  }

  private static ChatError bad(String text) {
    return new ChatError(ErrorCode.BAD_REQUEST, text);
  }
}
