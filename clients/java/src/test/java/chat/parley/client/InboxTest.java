package chat.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.Joined;
import chat.parley.proto.v2.NotRecovered;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.ServerFrame;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InboxTest extends ClientFixture {
  private static Position position(String conversation, long seq) {
    return Position.newBuilder().setConversation(conversation).setSeq(seq).build();
  }

  /** However slowly the peer answers here, what was asked for is not asked for again. */
  private static final Timing PATIENT =
      new Timing(
          QUICK.leastPause(),
          QUICK.mostPause(),
          QUICK.connectWithin(),
          QUICK.answerWithin(),
          Duration.ofSeconds(20));

  @Test
  void repeatsReachTheListenerOnce() {
    started();
    Peer.Connection connection = peer.acceptAndWelcome();
    connection.batch("room:1", 5, 7);
    connection.batch("room:1", 6, 8);
    heard.next("connected");
    for (int seq = 5; seq <= 8; seq++) {
      assertThat(heard.next()).isEqualTo("message room:1 " + seq + " text " + seq);
    }
  }

  @Test
  void gapIsAskedForOnceAndNothingPassesIt() {
    started(described(peer.address()).timing(PATIENT));
    Peer.Connection connection = peer.acceptAndWelcome();
    connection.batch("room:1", 1, 2);
    connection.batch("room:1", 4, 4);
    ClientFrame resume = connection.request();
    assertThat(resume.getResume().getConversation()).isEqualTo("room:1");
    assertThat(resume.getResume().getAfter()).isEqualTo(2);
    connection.batch("room:1", 5, 5);
    connection.batch("room:1", 3, 5);
    heard.next("connected");
    for (int seq = 1; seq <= 5; seq++) {
      assertThat(heard.next()).isEqualTo("message room:1 " + seq + " text " + seq);
    }
    assertThat(connection.isQuiet()).isTrue();
  }

  @Test
  void whatCannotBeRecoveredIsSaidAndIsNoGap() {
    started();
    Peer.Connection connection = peer.acceptAndWelcome();
    connection.batch("room:1", 1, 2);
    connection.send(
        ServerFrame.newBuilder()
            .setNotRecovered(
                NotRecovered.newBuilder().setConversation("room:1").setFrom(3).setTo(9))
            .build());
    connection.batch("room:1", 10, 10);
    heard.next("message room:1 2");
    assertThat(heard.next()).isEqualTo("not recovered room:1 3 9");
    assertThat(heard.next()).isEqualTo("message room:1 10 text 10");
  }

  @Test
  void lostLastMessageIsNoticedByTheHead() {
    started();
    Peer.Connection connection = peer.acceptAndWelcome();
    connection.batch("room:1", 1, 2);
    connection.send(
        ServerFrame.newBuilder()
            .setHeartbeat(
                Heartbeat.newBuilder()
                    .addHeads(position("room:1", 3))
                    .addHeads(position("direct:3:9", 2)))
            .build());
    ClientFrame first = connection.request();
    ClientFrame second = connection.request();
    assertThat(
            Map.of(
                first.getResume().getConversation(), first.getResume().getAfter(),
                second.getResume().getConversation(), second.getResume().getAfter()))
        .isEqualTo(Map.of("room:1", 2L, "direct:3:9", 0L));
  }

  @Test
  void acknowledgementsAreCumulativeAndCursorsAreSavedBefore() {
    peer.welcome =
        peer.welcome.toBuilder()
            .setLimits(peer.welcome.getLimits().toBuilder().setAcknowledgeAfterMs(3_600_000))
            .build();
    started();
    Peer.Connection connection = peer.acceptAndWelcome();
    connection.batch("room:1", 1, 255);
    connection.batch("room:2", 1, 1);
    // By number, long before the time: one frame for 256 messages.
    ClientFrame frame = connection.frame();
    assertThat(frame.getAcknowledge().getPositionsList())
        .containsExactlyInAnyOrder(position("room:1", 255), position("room:2", 1));
    assertThat(state.cursors()).isEqualTo(Map.of("room:1", 255L, "room:2", 1L));
  }

  @Test
  void helloNamesWhatTheListenerHasHad() {
    state.saveCursors(Map.of("room:2", 40L));
    started();
    Peer.Connection connection = peer.acceptAndWelcome();
    connection.batch("room:1", 1, 3);
    heard.next("message room:1 3");
    connection.cut();
    assertThat(peer.accept().hello().getCursorsList())
        .containsExactlyInAnyOrder(position("room:1", 3), position("room:2", 40));
  }

  @Test
  void roomBeginsWhereTheServerSaysAndIsForgottenWhenLeft() throws Exception {
    ParleyClient client = started();
    Peer.Connection connection = peer.acceptAndWelcome();
    var joined = client.join(7);
    ClientFrame join = connection.request();
    assertThat(join.getJoin().hasAfter()).isFalse();
    connection.send(
        ServerFrame.newBuilder()
            .setRe(join.getRef())
            .setJoined(
                Joined.newBuilder().setRoomId(7).setConversation("room:7").setHead(9).setAfter(9))
            .build());
    assertThat(joined.get(20, TimeUnit.SECONDS))
        .isEqualTo(new chat.parley.client.Joined(7, "room:7", 9, 9));
    connection.batch("room:7", 11, 11);
    assertThat(connection.request().getResume().getAfter()).isEqualTo(9);
    var left = client.leave(7);
    connection.send(
        ServerFrame.newBuilder()
            .setRe(connection.request().getRef())
            .setLeft(chat.parley.proto.v2.Left.newBuilder().setRoomId(7))
            .build());
    left.get(20, TimeUnit.SECONDS);
    connection.cut();
    assertThat(peer.accept().hello().getCursorsList()).isEmpty();
  }

  @Test
  void repeatIsAcknowledgedAgain() {
    started();
    Peer.Connection connection = peer.acceptAndWelcome();
    connection.batch("room:1", 1, 2);
    assertThat(acknowledged(connection)).containsExactly(position("room:1", 2));
    connection.batch("room:1", 1, 2);
    assertThat(acknowledged(connection)).containsExactly(position("room:1", 2));
    connection.send(
        ServerFrame.newBuilder()
            .setHeartbeat(Heartbeat.newBuilder().addHeads(position("room:1", 2)))
            .build());
    assertThat(acknowledged(connection)).containsExactly(position("room:1", 2));
  }

  private static java.util.List<Position> acknowledged(Peer.Connection connection) {
    ClientFrame frame = connection.frame();
    // With one millisecond to wait, two messages may be acknowledged one by one.
    while (frame.getAcknowledge().getPositionsList().contains(position("room:1", 1))) {
      frame = connection.frame();
    }
    return frame.getAcknowledge().getPositionsList();
  }

  @Test
  void roomThatIsWantedFromTheBeginningComesFromThereOnce() {
    state.saveCursors(Map.of("room:7", 50L));
    ParleyClient client = started();
    Peer.Connection connection = peer.acceptAndWelcome();
    client.join(7, 0);
    ClientFrame join = connection.request();
    assertThat(join.getJoin().getAfter()).isZero();
    assertThat(join.getJoin().hasAfter()).isTrue();
    connection.batch("room:7", 51, 51);
    connection.batch("room:7", 1, 1);
    connection.send(
        ServerFrame.newBuilder()
            .setRe(join.getRef())
            .setJoined(Joined.newBuilder().setRoomId(7).setConversation("room:7").setHead(51))
            .build());
    assertThat(connection.request().getResume().getAfter()).isZero();
    connection.batch("room:7", 1, 51);
    heard.next("connected");
    for (int seq = 1; seq <= 51; seq++) {
      assertThat(heard.next()).isEqualTo("message room:7 " + seq + " text " + seq);
    }
  }

  @Test
  void messageThatComesAfterLeavingDoesNotBringTheRoomBack() throws Exception {
    state.saveCursors(Map.of("room:7", 50L));
    ParleyClient client = started();
    Peer.Connection connection = peer.acceptAndWelcome();
    var left = client.leave(7);
    connection.send(
        ServerFrame.newBuilder()
            .setRe(connection.request().getRef())
            .setLeft(chat.parley.proto.v2.Left.newBuilder().setRoomId(7))
            .build());
    left.get(20, TimeUnit.SECONDS);
    connection.batch("room:7", 51, 51);
    connection.batch("room:1", 1, 1);
    heard.next("connected");
    assertThat(heard.next()).isEqualTo("message room:1 1 text 1");
    connection.cut();
    assertThat(peer.accept().hello().getCursorsList()).containsExactly(position("room:1", 1));
  }
}
