package chat.parley.logic;

import chat.parley.proto.ConversationList;
import chat.parley.proto.CursorsSaved;
import chat.parley.proto.ListConversations;
import chat.parley.proto.ReadUserHeads;
import chat.parley.proto.SaveCursors;
import chat.parley.proto.UserHead;
import chat.parley.proto.UserHeads;
import chat.parley.stores.ConversationStore;
import chat.parley.stores.CursorStore;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The conversations of users and devices, for themselves and for connect nodes. */
final class ConversationService {
  private final Sessions sessions;
  private final Standings standings;
  private final ConversationStore conversations;
  private final CursorStore cursors;

  ConversationService(
      Sessions sessions,
      Standings standings,
      ConversationStore conversations,
      CursorStore cursors) {
    this.sessions = sessions;
    this.standings = standings;
    this.conversations = conversations;
    this.cursors = cursors;
  }

  Future<ConversationList> list(ListConversations request) {
    Fields.token(request.getToken());
    return sessions
        .find(request.getToken())
        .compose(standings::of)
        .map(all -> ConversationList.newBuilder().addAllStandings(all).build());
  }

  Future<CursorsSaved> saveCursors(SaveCursors request) {
    return cursors.save(request.getCursorsList()).map(CursorsSaved.getDefaultInstance());
  }

  Future<UserHeads> userHeads(ReadUserHeads request) {
    return conversations
        .directOf(request.getUserIdsList())
        .compose(
            stored ->
                request.getAccepted()
                    ? standings
                        .accepted(namesIn(stored))
                        .map(accepted -> userHeads(stored, accepted))
                    : Future.succeededFuture(userHeads(stored, Map.of())));
  }

  private static Set<String> namesIn(Map<Long, Map<String, Long>> stored) {
    Set<String> names = new HashSet<>();
    stored.values().forEach(direct -> names.addAll(direct.keySet()));
    return names;
  }

  private static UserHeads userHeads(
      Map<Long, Map<String, Long>> stored, Map<String, Long> accepted) {
    UserHeads.Builder heads = UserHeads.newBuilder();
    stored.forEach(
        (user, direct) ->
            direct.forEach(
                (conversation, head) ->
                    heads.addHeads(
                        UserHead.newBuilder()
                            .setUserId(user)
                            .setConversation(conversation)
                            .setHead(Math.max(head, accepted.getOrDefault(conversation, 0L))))));
    return heads.build();
  }
}
