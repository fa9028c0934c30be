package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.ReadHistory;
import chat.parley.proto.SessionOpened;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class HistoryTest extends DeviceFixture {
  @Test
  void directConversationIsReadByItsTwoUsersOnly() {
    SessionOpened one = user("one");
    SessionOpened two = user("two");
    SessionOpened three = user("three");
    written(one, two, 3);
    String conversation = pair(one, two);

    assertThat(seqs(two, of(conversation))).containsExactly(3L, 2L, 1L);
    assertThat(seqs(one, of(conversation).setBefore(3))).containsExactly(2L, 1L);
    assertRefused(history(three, of(conversation)), ErrorCode.FORBIDDEN, conversation);
    assertRefused(history(three, of(conversation).setAfter(0)), ErrorCode.FORBIDDEN, conversation);
    assertRefused(history(one, of(idOf(two) + ":" + idOf(one))), ErrorCode.BAD_REQUEST, "room:N");
  }

  @Test
  void historyIsReadUpwardsByPages() {
    SessionOpened reader = user("upwards");
    posted(reader, 1, 5);

    HistoryPage first = await(history(reader, of("room:1").setAfter(1).setLimit(2)));
    HistoryPage rest = await(history(reader, of("room:1").setAfter(3).setBefore(2).setLimit(2)));

    assertThat(first.getMessagesList()).extracting(ChatMessage::getSeq).containsExactly(2L, 3L);
    assertThat(first.getHasMore()).isTrue();
    assertThat(rest.getMessagesList()).extracting(ChatMessage::getSeq).containsExactly(4L, 5L);
    assertThat(rest.getHasMore()).isFalse();
    assertThat(seqs(reader, of("room:1").setAfter(5))).isEmpty();
    assertThat(seqs(reader, of("room:1").setAfter(0))).hasSize(5);
  }

  @Test
  void whatNamesNoConversationOrTwoIsRefused() {
    SessionOpened reader = user("careless");

    assertRefused(history(reader, of("")), ErrorCode.BAD_REQUEST, "roomId");
    assertRefused(history(reader, of("room:01")), ErrorCode.BAD_REQUEST, "not room:01");
    assertRefused(history(reader, of("room:1").setRoomId(1)), ErrorCode.BAD_REQUEST, "either");
    assertRefused(history(reader, of("room:1").setAfter(-1)), ErrorCode.BAD_REQUEST, "after");
  }

  private static ReadHistory.Builder of(String conversation) {
    return ReadHistory.newBuilder().setConversation(conversation);
  }

  private Iterable<Long> seqs(SessionOpened session, ReadHistory.Builder request) {
    return await(history(session, request)).getMessagesList().stream()
        .map(ChatMessage::getSeq)
        .toList();
  }

  private Future<HistoryPage> history(SessionOpened session, ReadHistory.Builder request) {
    ReadHistory complete = request.setToken(session.getToken()).build();
    return ask(logic -> logic.history(complete));
  }
}
