package chat.parley.bench;

import chat.parley.proto.v2.Acknowledge;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.Join;
import chat.parley.proto.v2.Leave;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.Welcome;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A device of v2 in one conversation. Acknowledges as the protocol asks: collected for nearly as
 * long as the server allows.
 */
final class V2Connection extends Connection implements V2Scan.Found {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();
  private static final int JOIN_REF = 1;
  private static final int LEAVE_REF = Integer.MAX_VALUE;
  private static final int USUAL_IN_FLIGHT = 256;

  private final Member member;
  private final V2Scan scan;
  private final Beats beats;
  private final V2Outbox outbox;
  private boolean unacknowledged;
  private String session = "";

  /**
   * @param beats reminds of acknowledgements and heartbeats
   */
  V2Connection(
      Wire wire,
      Scratch scratch,
      Owner owner,
      Member member,
      V2Scan scan,
      Beats beats,
      Outcomes outcomes) {
    super(wire, scratch, owner);
    this.member = member;
    this.scan = scan;
    this.beats = beats;
    this.outbox = new V2Outbox(this, member, outcomes);
  }

  V2Outbox outbox() {
    return outbox;
  }

  @Override
  void opened() {
    Hello.Builder hello =
        Hello.newBuilder()
            .setProtocol(2)
            .setToken(member.account().token())
            .setBacklog(Hello.Backlog.NOTHING)
            .setClient("parley-bench");
    if (member.resumes()) {
      hello.addCursors(
          Position.newBuilder()
              .setConversation(member.conversation())
              .setSeq(member.tally().cursor()));
    }
    write(ClientFrame.newBuilder().setHello(hello));
  }

  @Override
  void frame(byte[] bytes, int from, int to, long now) {
    boolean known =
        wire().json()
            ? scan.json(bytes, from, to, now, this)
            : scan.protobuf(bytes, from, to, now, this);
    if (!known) {
      try {
        handle(parse(bytes, from, to));
      } catch (InvalidProtocolBufferException e) {
        end("the server sent what is no frame");
      }
    }
  }

  private ServerFrame parse(byte[] bytes, int from, int to) throws InvalidProtocolBufferException {
    if (!wire().json()) {
      return ServerFrame.parseFrom(ByteBuffer.wrap(bytes, from, to - from));
    }
    ServerFrame.Builder frame = ServerFrame.newBuilder();
    PARSER.merge(new String(bytes, from, to - from, StandardCharsets.UTF_8), frame);
    return frame.build();
  }

  @Override
  public void acknowledged(int re) {
    outbox.accepted(re);
  }

  @Override
  public void message(long seq, boolean ours, long now) {
    if (ours) {
      member.tally().arrived(scan.stamp(), seq, now);
    } else {
      member.tally().standsAt(seq);
    }
    if (!unacknowledged) {
      unacknowledged = true;
      beats.acknowledgeLater(this);
    }
  }

  private void handle(ServerFrame frame) {
    switch (frame.getBodyCase()) {
      case WELCOME -> welcome(frame.getWelcome());
      case JOINED -> {
        member.tally().standsAt(frame.getJoined().getAfter());
        becomeReady();
      }
      case SYNCED -> {
        if (member.room() == 0 || member.resumes()) {
          becomeReady();
        }
      }
      case ERROR -> {
        if (frame.getRe() == JOIN_REF) {
          end("join: " + frame.getError().getCode());
        } else {
          outbox.refused(frame.getRe(), frame.getError());
        }
      }
      case NOT_RECOVERED ->
          member
              .tally()
              .notRecovered(frame.getNotRecovered().getFrom(), frame.getNotRecovered().getTo());
      case GOODBYE -> end("goodbye " + frame.getGoodbye().getCode());
      default -> {}
    }
  }

  private void welcome(Welcome welcome) {
    session = welcome.getSession();
    int limit = welcome.getLimits().getMaxInFlight();
    outbox.limit(limit > 0 ? limit : USUAL_IN_FLIGHT);
    beats.opened(this, welcome);
    if (member.room() != 0 && !member.resumes()) {
      write(
          ClientFrame.newBuilder()
              .setRef(JOIN_REF)
              .setJoin(Join.newBuilder().setRoomId(member.room())));
    }
  }

  /** Says how far the conversation has come. */
  void acknowledge() {
    if (unacknowledged && isOpen()) {
      unacknowledged = false;
      write(
          ClientFrame.newBuilder()
              .setAcknowledge(
                  Acknowledge.newBuilder()
                      .addPositions(
                          Position.newBuilder()
                              .setConversation(member.conversation())
                              .setSeq(member.tally().cursor()))));
    }
  }

  void heartbeat() {
    write(ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
  }

  /**
   * Acknowledges, leaves its room for good and takes its leave: what another round sends to the
   * same device must not begin with what this one left.
   */
  void sayGoodbye() {
    if (!session.isEmpty() && isOpen()) {
      acknowledge();
      if (member.room() != 0) {
        write(
            ClientFrame.newBuilder()
                .setRef(LEAVE_REF)
                .setLeave(Leave.newBuilder().setRoomId(member.room())));
      }
      write(ClientFrame.newBuilder().setGoodbye(Goodbye.newBuilder().setCode(Goodbye.Code.BYE)));
      ctx().flush();
    }
  }

  void write(ClientFrame.Builder frame) {
    if (!wire().json()) {
      write(frame.build().toByteArray());
      return;
    }
    try {
      write(PRINTER.print(frame).getBytes(StandardCharsets.UTF_8));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("no frame of ours has what JSON lacks", e);
    }
  }
}
