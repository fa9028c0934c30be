package chat.parley.client;

import chat.parley.proto.v2.Batch;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.Limits;
import chat.parley.proto.v2.Message;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.SendAck;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.Welcome;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The other side of the wire: a test says what it answers. */
abstract class Peer implements AutoCloseable {
  private static final int WITHIN_SECONDS = 20;

  private final BlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();
  Welcome welcome =
      Welcome.newBuilder()
          .setSession("s")
          .setUserId(3)
          .setUserName("demo")
          .setDeviceId(70)
          .setHeartbeatIntervalMs(30_000)
          .setLimits(
              Limits.newBuilder()
                  .setMaxFrameBytes(65_536)
                  .setMaxInFlight(4)
                  .setAcknowledgeWithinMs(10_000)
                  .setAcknowledgeAfterMs(1)
                  .setMaxHistoryPage(100))
          .build();

  /** Where the peer listens. */
  abstract URI address();

  @Override
  public abstract void close();

  /** The next connection, before its Hello is looked at. */
  Connection accept() {
    return next(accepted, "no connection came");
  }

  /** The next connection, welcomed. */
  Connection acceptAndWelcome() {
    Connection connection = accept();
    connection.hello();
    connection.welcome();
    return connection;
  }

  void accepted(Connection connection) {
    accepted.add(connection);
  }

  private static <T> T next(BlockingQueue<T> queue, String otherwise) {
    try {
      T next = queue.poll(WITHIN_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError(otherwise);
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static Message message(long seq) {
    return Message.newBuilder()
        .setSeq(seq)
        .setId(1000 + seq)
        .setAcceptedAt(1_700_000_000_000L)
        .setSenderId(9)
        .setSenderName("test")
        .setText("text " + seq)
        .build();
  }

  static Batch batch(String conversation, long from, long to) {
    Batch.Builder batch = Batch.newBuilder().setConversation(conversation);
    for (long seq = from; seq <= to; seq++) {
      batch.addMessages(message(seq));
    }
    return batch.build();
  }

  /** One client's connection. */
  abstract class Connection {
    private final BlockingQueue<ClientFrame> frames = new LinkedBlockingQueue<>();

    abstract void send(ServerFrame frame);

    /** Cut, without a word. */
    abstract void cut();

    void came(ClientFrame frame) {
      frames.add(frame);
    }

    /** The next frame that is no heartbeat. */
    ClientFrame frame() {
      ClientFrame frame = any();
      while (frame.hasHeartbeat()) {
        frame = any();
      }
      return frame;
    }

    /** The next frame that is neither heartbeat nor acknowledgement. */
    ClientFrame request() {
      ClientFrame frame = frame();
      while (frame.hasAcknowledge()) {
        frame = frame();
      }
      return frame;
    }

    ClientFrame any() {
      return next(frames, "no frame came");
    }

    boolean isQuiet() {
      return frames.stream().allMatch(frame -> frame.hasHeartbeat() || frame.hasAcknowledge());
    }

    Hello hello() {
      ClientFrame frame = frame();
      if (!frame.hasHello()) {
        throw new AssertionError("no Hello first but " + frame);
      }
      return frame.getHello();
    }

    Send expectSend() {
      ClientFrame frame = request();
      if (!frame.hasSend()) {
        throw new AssertionError("no Send but " + frame);
      }
      return frame.getSend();
    }

    void welcome() {
      send(ServerFrame.newBuilder().setWelcome(welcome).build());
    }

    void batch(String conversation, long from, long to) {
      send(ServerFrame.newBuilder().setBatch(Peer.batch(conversation, from, to)).build());
    }

    void ack(Send send, String conversation, long seq) {
      send(
          ServerFrame.newBuilder()
              .setSendAck(
                  SendAck.newBuilder()
                      .setClientMessageId(send.getClientMessageId())
                      .setConversation(conversation)
                      .setSeq(seq)
                      .setId(1000 + seq)
                      .setAcceptedAt(1_700_000_000_000L))
              .build());
    }

    void goodbye(Goodbye.Code code, boolean reconnect, int retryAfterMs) {
      send(
          ServerFrame.newBuilder()
              .setGoodbye(
                  Goodbye.newBuilder()
                      .setCode(code)
                      .setReason("said by the test")
                      .setReconnect(reconnect)
                      .setRetryAfterMs(retryAfterMs))
              .build());
    }
  }
}
