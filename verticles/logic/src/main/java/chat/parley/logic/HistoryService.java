package chat.parley.logic;

import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.FetchedMessages;
import chat.parley.proto.Heads;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.ReadHeads;
import chat.parley.proto.ReadHistory;
import chat.parley.stores.MessageStore;
import chat.parley.stores.PushQueue;
import io.vertx.core.Future;
import java.util.List;

/**
 * Reads what is stored: for users, and for connect nodes. Rooms are open, so reading one asks for a
 * session and not for a join: whoever logs in again can look back before it has a socket. Direct
 * conversations are read by their two users.
 */
final class HistoryService {
  private static final int MAX_FETCH = 1000;

  /** By how much the clocks of two nodes may differ at most, with room. */
  private static final long CLOCKS_DIFFER_MS = 10_000;

  /** Bytes of messages in one answer; one message is always given. */
  private static final long MAX_ANSWER_BYTES = 1 << 20;

  private final Sessions sessions;
  private final MessageStore stored;
  private final PushQueue queue;
  private final int page;
  private final int maxPage;

  /**
   * @param page messages for a request that names no limit
   */
  HistoryService(Sessions sessions, MessageStore stored, PushQueue queue, int page, int maxPage) {
    this.sessions = sessions;
    this.stored = stored;
    this.queue = queue;
    this.page = page;
    this.maxPage = maxPage;
  }

  /** A page of a room, or of a direct conversation that the caller is one of. */
  Future<HistoryPage> history(ReadHistory request) {
    Fields.token(request.getToken());
    String conversation = conversationOf(request);
    if (request.getBefore() < 0 || request.getAfter() < 0 || request.getLimit() < 0) {
      throw Fields.bad("before, after and limit must not be negative");
    }
    int limit = request.getLimit() == 0 ? page : Math.min(request.getLimit(), maxPage);
    return sessions
        .find(request.getToken())
        .compose(
            who -> {
              Fields.readable(conversation, who.getUserId());
              return request.hasAfter()
                  ? stored.after(conversation, request.getAfter(), limit + 1)
                  : stored.before(conversation, request.getBefore(), limit + 1);
            })
        .map(
            found -> {
              List<ChatMessage> given = fitting(found, limit);
              return HistoryPage.newBuilder()
                  .addAllMessages(given)
                  .setHasMore(given.size() < found.size())
                  .build();
            });
  }

  Future<FetchedMessages> fetch(FetchMessages request) {
    if (request.getConversation().isEmpty() || request.getLimit() <= 0) {
      throw Fields.bad("conversation and limit must be set");
    }
    return request.getExpectedSince() == 0
        ? page(request)
        : nothingWaits(request)
            .compose(stored -> page(request).map(page -> stored ? judged(page) : page));
  }

  private Future<FetchedMessages> page(FetchMessages request) {
    int limit = Math.min(request.getLimit(), MAX_FETCH);
    return stored
        .after(request.getConversation(), request.getAfter(), limit + 1)
        .map(
            found -> {
              List<ChatMessage> given = fitting(found, limit);
              return FetchedMessages.newBuilder()
                  .addAllMessages(given)
                  .setHasMore(given.size() < found.size())
                  .build();
            });
  }

  /**
   * Whether everything is stored that was accepted before it was expected. The queue is asked
   * before the store is: an entry leaves it only when it is stored.
   */
  private Future<Boolean> nothingWaits(FetchMessages request) {
    int partition = Conversations.partitionOf(request.getConversation(), queue.partitions());
    return queue
        .oldest(partition)
        .map(oldest -> oldest == 0 || oldest > request.getExpectedSince() + CLOCKS_DIFFER_MS);
  }

  private static FetchedMessages judged(FetchedMessages page) {
    return page.getMessagesCount() > 0 ? page : page.toBuilder().setGone(true).build();
  }

  Future<Heads> heads(ReadHeads request) {
    return stored
        .heads(request.getConversationsList())
        .map(heads -> Heads.newBuilder().putAllHeads(heads).build());
  }

  private static String conversationOf(ReadHistory request) {
    if (request.getConversation().isEmpty()) {
      Fields.room(request.getRoomId());
      return Conversations.ofRoom(request.getRoomId());
    }
    if (request.getRoomId() != 0) {
      throw Fields.bad("either roomId or conversation may be set");
    }
    Fields.conversation(request.getConversation());
    return request.getConversation();
  }

  private static List<ChatMessage> fitting(List<ChatMessage> found, int limit) {
    long bytes = 0;
    int n = 0;
    while (n < found.size() && n < limit) {
      bytes += found.get(n).getSerializedSize();
      if (n > 0 && bytes > MAX_ANSWER_BYTES) {
        break;
      }
      n++;
    }
    return found.subList(0, n);
  }
}
