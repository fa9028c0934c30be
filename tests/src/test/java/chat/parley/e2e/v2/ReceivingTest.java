package chat.parley.e2e.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V2Client;
import chat.parley.e2e.support.V2Http.Login;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.HistoryPage;
import chat.parley.proto.v2.Joined;
import chat.parley.proto.v2.Message;
import chat.parley.proto.v2.ReadHistory;
import chat.parley.proto.v2.Resume;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.ServerFrame.BodyCase;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes to a device, from where, and in what order. */
@RunningParley
class ReceivingTest {
  /** {@code -Dparley.away} makes it more. */
  private static final int AWAY_FOR = Integer.getInteger("parley.away", 20_000);

  private static final int WINDOW = 128;
  private static final Duration LONG = Duration.ofSeconds(60);

  private static List<Long> seqs(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  /** Sends so many messages, some at a time, and waits for their acks. */
  private static void fill(V2Client sender, int count, Function<String, Send.Builder> message) {
    int before = sender.count(BodyCase.SEND_ACK);
    for (int n = 1; n <= count; n++) {
      int outstanding = n - 1 - WINDOW;
      if (sender.count(BodyCase.SEND_ACK) - before < outstanding) {
        Eventually.eventually(
            "acks", LONG, () -> sender.count(BodyCase.SEND_ACK) - before >= outstanding);
      }
      sender.send(
          ClientFrame.newBuilder().setRef(n).setSend(message.apply("message number " + n)).build());
    }
    Eventually.eventually(
        "all acks", LONG, () -> sender.count(BodyCase.SEND_ACK) - before == count);
  }

  private static void fill(V2Client sender, long room, int count) {
    fill(sender, count, text -> Rooms.message(room, text));
  }

  private static void awaitSeqs(V2Client client, String conversation, long from, long to) {
    Eventually.eventually("seqs to " + to, LONG, () -> client.seqs(conversation).contains(to));
    assertThat(client.seqs(conversation)).containsExactlyElementsOf(seqs(from, to));
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void whoWasAwayGetsEverythingOldestFirstThenSynced(Carrier carrier, Clients clients) {
    Login away = clients.v2().newUser();
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    try (V2Client before = clients.open(carrier, away)) {
      Rooms.join(before, room);
    }
    V2Client sender = clients.open(Carrier.TCP, clients.v2().newUser());
    Rooms.join(sender, room);
    fill(sender, room, 300);
    V2Client back = clients.connect(carrier);
    back.say(V2Client.hello(away.token()));
    assertThat(back.awaitFrame(BodyCase.WELCOME).getWelcome().getRoomIdsList())
        .containsExactly(room);
    back.awaitSynced();
    assertThat(back.seqs(conversation)).containsExactlyElementsOf(seqs(1, 300));
    List<ServerFrame> frames = back.frames();
    assertThat(frames.get(frames.size() - 1).getBodyCase()).isEqualTo(BodyCase.SYNCED);
  }

  /** Nothing of it is kept in the memory of the server, which is small here. */
  @Test
  void syncOfTensOfThousandsIsCompleteWhileOthersTalk(Clients clients) {
    Login away = clients.v2().newUser();
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    V2Client sender = clients.open(Carrier.TCP, clients.v2().newUser());
    Rooms.join(sender, room);
    // A room keeps the newest ten thousand: a direct conversation keeps all.
    Login friend = clients.v2().newUser();
    String direct = Rooms.direct(away.userId(), friend.userId());
    V2Client writer = clients.open(Carrier.TCP, friend);
    fill(writer, AWAY_FOR, text -> Rooms.messageTo(away.userId(), text));
    V2Client back = clients.connect(Carrier.WEB_SOCKET_PROTOBUF);
    back.say(V2Client.hello(away.token()));
    fill(sender, room, 200);
    writer.sendAndAwait(AWAY_FOR + 1, Rooms.messageTo(away.userId(), "the newest one"));
    Eventually.eventually("everything", LONG, () -> back.texts(direct).contains("the newest one"));
    assertThat(back.seqs(direct)).containsExactlyElementsOf(seqs(1, AWAY_FOR + 1));
    assertThat(sender.seqs(conversation)).containsExactlyElementsOf(seqs(1, 200));
  }

  @Test
  void helloMaySkipWhatIsOlder(Clients clients) {
    Login device = clients.v2().newUser();
    Login friend = clients.v2().newUser();
    String conversation = Rooms.direct(device.userId(), friend.userId());
    V2Client sender = clients.open(Carrier.TCP, friend);
    sender.sendAndAwait(1, Rooms.messageTo(device.userId(), "of yesterday"));
    awaitSeqs(sender, conversation, 1, 1);
    V2Client client = clients.connect(Carrier.TCP);
    client.say(V2Client.hello(device.token()).setBacklog(Hello.Backlog.NOTHING));
    client.awaitSynced();
    sender.sendAndAwait(2, Rooms.messageTo(device.userId(), "of today"));
    Eventually.eventually("the new one", () -> !client.seqs(conversation).isEmpty());
    assertThat(client.texts(conversation)).containsExactly("of today");
  }

  @Test
  void resumeSendsTheConversationAgain(Clients clients) {
    V2Client client = clients.open(Carrier.WEB_SOCKET_PROTOBUF, clients.v2().newUser());
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    Rooms.join(client, room);
    fill(client, room, 5);
    awaitSeqs(client, conversation, 1, 5);
    client.send(
        ClientFrame.newBuilder()
            .setResume(Resume.newBuilder().setConversation(conversation).setAfter(2))
            .build());
    Eventually.eventually("it again", () -> client.seqs(conversation).size() >= 8);
    assertThat(client.seqs(conversation)).containsExactly(1L, 2L, 3L, 4L, 5L, 3L, 4L, 5L);
  }

  @Test
  void joinBeginsWhereItIsAskedTo(Clients clients) {
    V2Client sender = clients.open(Carrier.TCP, clients.v2().newUser());
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    Rooms.join(sender, room);
    fill(sender, room, 5);
    V2Client all = clients.open(Carrier.TCP, clients.v2().newUser());
    V2Client some = clients.open(Carrier.WEB_SOCKET_JSON, clients.v2().newUser());
    V2Client none = clients.open(Carrier.WEB_SOCKET_PROTOBUF, clients.v2().newUser());
    Rooms.join(all, room, 0);
    Rooms.join(some, room, 3);
    Joined now = Rooms.join(none, room);
    assertThat(now.getConversation()).isEqualTo(conversation);
    assertThat(now.getHead()).isEqualTo(5);
    assertThat(now.getAfter()).isEqualTo(5);
    sender.sendAndAwait(100, Rooms.message(room, "the sixth one"));
    awaitSeqs(all, conversation, 1, 6);
    awaitSeqs(some, conversation, 4, 6);
    awaitSeqs(none, conversation, 6, 6);
  }

  @Test
  void whoHasLeftHearsNothingMoreAndMayNotPost(Clients clients) {
    V2Client stays = clients.open(Carrier.TCP, clients.v2().newUser());
    V2Client goes = clients.open(Carrier.WEB_SOCKET_JSON, clients.v2().newUser());
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    Rooms.join(stays, room);
    Rooms.join(goes, room);
    stays.sendAndAwait(1, Rooms.message(room, "before the leave"));
    awaitSeqs(goes, conversation, 1, 1);
    Rooms.leave(goes, room);
    stays.sendAndAwait(2, Rooms.message(room, "after the leave"));
    awaitSeqs(stays, conversation, 1, 2);
    goes.send(9, Rooms.message(room, "from outside"));
    assertThat(goes.awaitError(9).getCode()).isEqualTo(Error.Code.FORBIDDEN);
    assertThat(goes.seqs(conversation)).containsExactly(1L);
  }

  private static HistoryPage read(V2Client client, int ref, ReadHistory.Builder request) {
    client.send(ClientFrame.newBuilder().setRef(ref).setReadHistory(request).build());
    ServerFrame answer = client.awaitAnswer(ref);
    assertThat(answer.hasHistoryPage()).as("%s", answer).isTrue();
    return answer.getHistoryPage();
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void historyIsReadBackwardsAndForwardsBySeq(Carrier carrier, Clients clients) {
    Login device = clients.v2().newUser();
    V2Client client = clients.open(carrier, device);
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    Rooms.join(client, room);
    fill(client, room, 10);
    awaitSeqs(client, conversation, 1, 10);
    ReadHistory.Builder request = ReadHistory.newBuilder().setConversation(conversation);
    HistoryPage newest = read(client, 101, request.clone().setLimit(4));
    assertThat(newest.getMessagesList())
        .extracting(Message::getSeq)
        .containsExactly(10L, 9L, 8L, 7L);
    assertThat(newest.getHasMore()).isTrue();
    HistoryPage older = read(client, 102, request.clone().setBefore(7).setLimit(50));
    assertThat(older.getMessagesList())
        .extracting(Message::getSeq)
        .containsExactly(6L, 5L, 4L, 3L, 2L, 1L);
    assertThat(older.getHasMore()).isFalse();
    HistoryPage forwards = read(client, 103, request.clone().setAfter(4).setLimit(3));
    assertThat(forwards.getMessagesList()).extracting(Message::getSeq).containsExactly(5L, 6L, 7L);
    assertThat(forwards.getHasMore()).isTrue();
    JsonNode page = clients.v2().messages(device.token(), conversation, "before=7&limit=2").body();
    assertThat(page.path("messages").findValuesAsText("seq")).containsExactly("6", "5");
    assertThat(page.path("hasMore").asBoolean()).isTrue();
  }

  @Test
  void nobodyReadsADirectConversationOfOthers(Clients clients) {
    Login one = clients.v2().newUser();
    Login other = clients.v2().newUser();
    V2Client stranger = clients.open(Carrier.TCP, clients.v2().newUser());
    clients
        .open(Carrier.TCP, one)
        .sendAndAwait(1, Rooms.messageTo(other.userId(), "between the two of us"));
    String conversation = Rooms.direct(one.userId(), other.userId());
    stranger.send(
        ClientFrame.newBuilder()
            .setRef(1)
            .setReadHistory(ReadHistory.newBuilder().setConversation(conversation))
            .build());
    assertThat(stranger.awaitError(1).getRetryable()).isFalse();
    stranger.send(2, Rooms.message(1, "let me in").setConversation(conversation));
    assertThat(stranger.awaitError(2).getRetryable()).isFalse();
  }
}
