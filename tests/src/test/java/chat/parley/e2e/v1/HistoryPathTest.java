package chat.parley.e2e.v1;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.History;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.Answer;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1WebSocket;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@RunningParley
class HistoryPathTest {

  private static List<String> fill(Clients clients, User user, long room, int messages) {
    List<String> texts =
        IntStream.rangeClosed(1, messages).mapToObj(n -> "kept text number " + n).toList();
    texts.forEach(text -> assertThat(clients.http().pushRoom(user, room, text).ok()).isTrue());
    Eventually.eventually(
        "all messages in the history",
        () -> History.of(clients.http(), user, room).texts().size() == messages);
    return texts;
  }

  @Test
  void pagesComeNewestFirstWithSeqsWithoutGaps(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    clients.join(user, room);
    List<String> texts = fill(clients, user, room, 7);

    List<Long> seqs = new ArrayList<>();
    List<String> read = new ArrayList<>();
    long before = 0;
    for (int page = 0; page < 3; page++) {
      Answer answer = clients.http().historyPage(user, room, before, 3);
      assertThat(answer.code()).isZero();
      answer.data().path("messages").forEach(m -> seqs.add(m.path("seq").asLong()));
      answer.data().path("messages").forEach(m -> read.add(0, m.path("msg").asText()));
      assertThat(answer.data().path("hasMore").isBoolean()).isTrue();
      assertThat(answer.data().path("hasMore").asBoolean()).isEqualTo(page < 2);
      before = seqs.get(seqs.size() - 1);
    }
    assertThat(seqs).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
    assertThat(read).isEqualTo(texts);
  }

  @Test
  void messageHasTheFieldsOfItsFramePlusSeqAndId(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(user, room);
    fill(clients, user, room, 2);
    JsonNode frame = socket.awaitText("kept text number 2");
    List<JsonNode> kept = History.of(clients.http(), user, room).messages();
    JsonNode message = kept.get(1);
    frame.fieldNames().forEachRemaining(f -> assertThat(message.get(f)).isEqualTo(frame.get(f)));
    assertThat(message.size()).isEqualTo(frame.size() + 2);
    assertThat(message.path("seq").isIntegralNumber()).isTrue();
    assertThat(message.path("id").isTextual()).isTrue();
    Set<String> ids = new HashSet<>();
    kept.forEach(m -> ids.add(m.path("id").asText()));
    assertThat(ids).hasSize(2);
  }

  @Test
  void aMessageIsThereWithinASecondOfItsAck(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    clients.join(user, room);
    // The first message pays for warming up; the promise is that of a running server.
    fill(clients, user, room, 1);
    assertThat(clients.http().pushRoom(user, room, "soon in the history").ok()).isTrue();
    Eventually.eventually(
        "the message in the history",
        Duration.ofSeconds(1),
        () -> History.of(clients.http(), user, room).texts().contains("soon in the history"));
  }

  @Test
  void fiftyAreThePageUnlessAskedAndTwoHundredTheMost(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    clients.join(user, room);
    fill(clients, user, room, 205);
    Answer plain = clients.http().post("/push/history", "authToken", user.token(), "roomId", room);
    assertThat(plain.code()).isZero();
    assertThat(plain.data().path("messages")).hasSize(50);
    assertThat(plain.data().path("hasMore").asBoolean()).isTrue();

    Answer greedy = clients.http().historyPage(user, room, 0, 1000);
    assertThat(greedy.code()).isZero();
    assertThat(greedy.data().path("messages")).hasSize(200);
  }

  @Test
  void emptyRoomHasAnEmptyHistory(Clients clients) {
    User user = clients.newUser();
    Answer answer = clients.http().historyPage(user, Clients.newRoom(), 0, 50);
    assertThat(answer.code()).isZero();
    assertThat(answer.data().path("messages").isArray()).isTrue();
    assertThat(answer.data().path("messages").size()).isZero();
    assertThat(answer.data().path("hasMore").asBoolean()).isFalse();
  }

  @Test
  void directMessagesAreInNoRoomsHistory(Clients clients) {
    User user = clients.newUser();
    User other = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(other, room);
    clients.http().push(user, other.id(), room, "for one pair of eyes");
    socket.awaitFrame(V1Client.DIRECT);
    clients.join(user, room);
    fill(clients, user, room, 1);
    assertThat(History.of(clients.http(), user, room).texts())
        .doesNotContain("for one pair of eyes");
  }
}
