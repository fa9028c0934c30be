package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Join;
import chat.parley.proto.v2.Leave;
import chat.parley.proto.v2.ReadHistory;
import chat.parley.proto.v2.ReadMembers;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A device of a user. Stays connected until it is closed or the server ends it, sends what it is
 * given once and in order whatever happens to the connection, and gives what comes to its listener
 * once and in order.
 *
 * <p>Thread-safe; no method but {@link #close} waits. Futures are completed on the client's one
 * thread, a daemon, and fail with a {@link ParleyException}: do nothing slow in what follows them.
 * Requests are asked again after a reconnect and fail after 30 seconds without an answer; sends
 * wait as long as it takes.
 */
public final class ParleyClient implements AutoCloseable {
  private static final long CLOSE_WITHIN_MS = 3_000;

  private final Loop loop;
  private final ClientState state;
  private final Inbox inbox;
  private final Outbox outbox;
  private final Requests requests;
  private final Link link;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  ParleyClient(ParleyClientBuilder builder, HttpClient http) {
    state = builder.state;
    Timing timing = builder.timing;
    loop = new Loop("parley-client");
    inbox = new Inbox(loop, state, builder.listener, timing);
    outbox = new Outbox(loop, state, builder.listener, timing);
    requests = new Requests(loop, timing);
    link =
        new Link(
            loop,
            builder.linkSettings(),
            new Accounts(http, builder.api, timing.connectWithin()),
            new Carriers(http, builder.tls, builder.encoding, timing.connectWithin()),
            inbox,
            outbox,
            requests);
  }

  /** Begins to describe a client. */
  public static ParleyClientBuilder builder() {
    return new ParleyClientBuilder();
  }

  /**
   * Connects, and goes on trying until closed or ended. Returns at once; a second call does
   * nothing.
   */
  public void start() {
    if (started.compareAndSet(false, true)) {
      loop.execute(link::connect);
    }
  }

  /** Sends a message to a room that the user is in. See {@link #send}. */
  public CompletableFuture<Ack> sendToRoom(long roomId, String text) {
    return put("room:" + roomId, text);
  }

  /** Sends a message to a user. See {@link #send}. */
  public CompletableFuture<Ack> sendToUser(long userId, String text) {
    return put("user:" + userId, text);
  }

  /**
   * Sends a message to a conversation. It is written to the state first and stays in the outbox,
   * over reconnects and restarts, until it is acknowledged or refused for good: with the same id,
   * so that it becomes one message if it is sent again within 24 hours. Messages to a conversation
   * are sent in the order of these calls. When 10,000 wait, the future fails (OUTBOX_FULL).
   *
   * @param conversation {@code room:7} or {@code direct:3:9}
   */
  public CompletableFuture<Ack> send(String conversation, String text) {
    if (!conversation.matches("room:\\d{1,18}|direct:\\d{1,18}:\\d{1,18}")) {
      return CompletableFuture.failedFuture(
          new ParleyException(
              "BAD_REQUEST", "a conversation is room:N or direct:A:B, not " + conversation, false));
    }
    return put(conversation, text);
  }

  private CompletableFuture<Ack> put(String target, String text) {
    String id = UUID.randomUUID().toString();
    return outbox.add(new Unsent(id, target, text, Instant.now()));
  }

  /** How many messages are not acknowledged yet, those of earlier processes included. */
  public int unsent() {
    return outbox.size();
  }

  /** Puts the device into a room: from its cursor if it was there before, else from now on. */
  public CompletableFuture<Joined> join(long roomId) {
    return join(Join.newBuilder().setRoomId(roomId), false);
  }

  /**
   * Puts the device into a room.
   *
   * @param after messages with a larger seq come, as far as they are kept; 0 for all
   */
  public CompletableFuture<Joined> join(long roomId, long after) {
    return join(Join.newBuilder().setRoomId(roomId).setAfter(after), true);
  }

  private CompletableFuture<Joined> join(Join.Builder join, boolean calledFor) {
    return requests.ask(
        ClientFrame.newBuilder().setJoin(join).build(),
        frame -> {
          Joined joined = Frames.joined(frame.getJoined());
          inbox.joined(joined, calledFor);
          return joined;
        });
  }

  /** Takes the device out of a room. */
  public CompletableFuture<Void> leave(long roomId) {
    return requests.ask(
        ClientFrame.newBuilder().setLeave(Leave.newBuilder().setRoomId(roomId)).build(),
        frame -> {
          inbox.left("room:" + roomId);
          return null;
        });
  }

  /**
   * Reads older messages, newest first, without a change to what comes by itself.
   *
   * @param before a seq, not included; 0 for the newest
   * @param limit how many at most; 0 for the server's choice
   */
  public CompletableFuture<History> historyBefore(String conversation, long before, int limit) {
    return history(
        ReadHistory.newBuilder().setConversation(conversation).setBefore(before).setLimit(limit));
  }

  /** Reads messages after a seq, oldest first. See {@link #historyBefore}. */
  public CompletableFuture<History> historyAfter(String conversation, long after, int limit) {
    return history(
        ReadHistory.newBuilder().setConversation(conversation).setAfter(after).setLimit(limit));
  }

  private CompletableFuture<History> history(ReadHistory.Builder history) {
    return requests.ask(
        ClientFrame.newBuilder().setReadHistory(history).build(),
        frame -> Frames.history(frame.getHistoryPage()));
  }

  /** Looks a user up by name; NOT_FOUND when there is none. */
  public CompletableFuture<User> findUser(String name) {
    return requests.ask(
        ClientFrame.newBuilder().setFindUser(FindUser.newBuilder().setUserName(name)).build(),
        frame -> Frames.user(frame.getUser()));
  }

  /** Who is in a room. */
  public CompletableFuture<Members> members(long roomId) {
    return requests.ask(
        ClientFrame.newBuilder().setReadMembers(ReadMembers.newBuilder().setRoomId(roomId)).build(),
        frame -> Frames.members(frame.getMembers()));
  }

  /**
   * Acknowledges, says goodbye, saves and closes the state. Futures that are not complete fail
   * (CLOSED); what was not acknowledged stays in the state. Takes at most three seconds; on the
   * client's own thread it takes effect when the listener returns.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    loop.execute(
        () -> {
          try {
            link.close();
            outbox.fail(Outbox.closed());
            requests.failAll(Outbox.closed());
          } finally {
            state.close();
            loop.stop();
            done.countDown();
          }
        });
    if (loop.isHere()) {
      return;
    }
    try {
      done.await(CLOSE_WITHIN_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
