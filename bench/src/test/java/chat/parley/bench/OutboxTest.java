package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.Batch;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.Joined;
import chat.parley.proto.v2.Limits;
import chat.parley.proto.v2.Message;
import chat.parley.proto.v2.SendAck;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.Welcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A v2 device of the bench does what the protocol asks of a good client. */
class OutboxTest {
  private final RoundClock clock = new RoundClock(0, Long.MAX_VALUE);
  private final Outcomes outcomes = new Outcomes(clock);
  private final Ledger ledger = new Ledger(0);
  private final Tally tally = new Tally(ledger, new Arrivals(clock), true);
  private final Stamp stamp = new Stamp("run");
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> told = new ArrayList<>();
  private V2Connection connection;

  @BeforeEach
  void open() throws Exception {
    Connection.Owner owner =
        new Connection.Owner() {
          @Override
          public void ready(Connection ready) {
            told.add("ready");
          }

          @Override
          public void ended(Connection ended, String why) {
            told.add(why);
          }
        };
    Member member =
        new Member(new Account("bench-0", "token", 3, 4), "room:7", 7, tally, "run", false);
    connection =
        new V2Connection(
            Wire.V2_TCP,
            new Connection.Scratch(),
            owner,
            member,
            new V2Scan(stamp),
            new Beats(channel.eventLoop()),
            outcomes);
    channel.pipeline().addLast(connection);
    connection.channelActive(channel.pipeline().context(connection));
    assertThat(sent()).singleElement().matches(ClientFrame::hasHello);
    answer(
        ServerFrame.newBuilder()
            .setWelcome(
                Welcome.newBuilder()
                    .setSession("s")
                    .setHeartbeatIntervalMs(30_000)
                    .setLimits(
                        Limits.newBuilder().setMaxInFlight(2).setAcknowledgeAfterMs(1_000))));
    assertThat(sent()).singleElement().matches(ClientFrame::hasJoin);
    answer(ServerFrame.newBuilder().setRe(1).setJoined(Joined.newBuilder().setAfter(10)));
    assertThat(told).containsExactly("ready");
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void answer(ServerFrame.Builder frame) {
    byte[] body = frame.build().toByteArray();
    ByteBuf bytes = Unpooled.buffer().writeByte('v').writeByte('2').writeInt(body.length + 6);
    channel.writeInbound(bytes.writeBytes(body));
  }

  private List<ClientFrame> sent() throws Exception {
    channel.runPendingTasks();
    List<ClientFrame> frames = new ArrayList<>();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      byte[] body = new byte[out.readableBytes() - 6];
      out.skipBytes(6).readBytes(body);
      out.release();
      frames.add(ClientFrame.parseFrom(body));
    }
    return frames;
  }

  private void send(int number) {
    connection.outbox().send(new Post(ledger, number, 0, 0, stamp.text(0, number, 0, 0, 50)));
  }

  private void ack(int re) {
    answer(ServerFrame.newBuilder().setRe(re).setSendAck(SendAck.newBuilder().setSeq(11)));
  }

  private static List<String> ids(List<ClientFrame> frames) {
    return frames.stream().map(frame -> frame.getSend().getClientMessageId()).toList();
  }

  @Test
  void neverMoreIsWithoutAnAnswerThanTheServerAllows() throws Exception {
    send(0);
    send(1);
    send(2);
    assertThat(ids(sent())).containsExactly("run-0-0", "run-0-1");
    ack(2);
    assertThat(ids(sent())).containsExactly("run-0-2");
    assertThat(outcomes.accepted()).isEqualTo(1);
  }

  @Test
  void whatIsRefusedForNowIsSentAgainInOrderBeforeAnythingNew() throws Exception {
    send(0);
    send(1);
    send(2);
    sent();
    answer(refusal(2, true));
    assertThat(sent()).as("nothing before the one behind it is answered too").isEmpty();
    answer(refusal(3, true));
    assertThat(sent()).isEmpty();
    channel.advanceTimeBy(1, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    List<ClientFrame> again = sent().stream().filter(ClientFrame::hasSend).toList();
    assertThat(ids(again)).containsExactly("run-0-0", "run-0-1");
    assertThat(again).allMatch(frame -> frame.getSend().getResend());
    ack(again.get(0).getRef());
    ack(again.get(1).getRef());
    assertThat(ids(sent())).containsExactly("run-0-2");
    assertThat(outcomes.accepted()).isEqualTo(2);
    assertThat(outcomes.retried()).containsEntry("OVERLOADED", 2L);
    assertThat(outcomes.refused()).isEmpty();
  }

  @Test
  void whatIsRefusedForGoodIsCountedByItsCode() throws Exception {
    send(0);
    sent();
    answer(refusal(2, false));
    assertThat(outcomes.refused()).containsEntry("OVERLOADED", 1L);
    assertThat(ledger.acceptedCount()).isZero();
  }

  @Test
  void whatNeverGotItsAnswerEndsWithTheConnection() {
    send(0);
    send(1);
    send(2);
    connection.outbox().ended();
    assertThat(outcomes.refused()).containsEntry("CONNECTION_LOST", 3L);
    assertThat(outcomes.ended()).isEqualTo(3);
  }

  @Test
  void whatArrivesIsAcknowledgedOnceForAllThatCame() throws Exception {
    for (int number = 0; number < 3; number++) {
      answer(
          ServerFrame.newBuilder()
              .setBatch(
                  Batch.newBuilder()
                      .setConversation("room:7")
                      .addMessages(
                          Message.newBuilder()
                              .setSeq(11 + number)
                              .setText(stamp.text(0, number, 0, 0, 50)))));
    }
    assertThat(tally.distinct()).isEqualTo(3);
    assertThat(sent()).as("it waits for more").isEmpty();
    assertThat(tally.gaps()).isZero();
    connection.acknowledge();
    connection.acknowledge();
    List<ClientFrame> frames = sent();
    assertThat(frames).singleElement().matches(ClientFrame::hasAcknowledge);
    assertThat(frames.get(0).getAcknowledge().getPositions(0).getSeq()).isEqualTo(13);
  }

  private static ServerFrame.Builder refusal(int re, boolean retryable) {
    return ServerFrame.newBuilder()
        .setRe(re)
        .setError(Error.newBuilder().setCode(Error.Code.OVERLOADED).setRetryable(retryable));
  }
}
