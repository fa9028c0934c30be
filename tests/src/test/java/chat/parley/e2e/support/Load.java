package chat.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.V1Http.User;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Users who talk in a room, each one message after the other, and what was acknowledged to whom.
 *
 * <p>Every other one names its messages and sends one without an answer again, to the next API,
 * until it is acknowledged; as a resend when an earlier attempt may have arrived. The rest are
 * plain v1 clients: a message of theirs without an answer is left alone and may be in the history
 * or not.
 */
public final class Load implements AutoCloseable {
  /** Among the {@link #refusals}: nobody took the connection, so nothing was sent. */
  public static final String NOT_CONNECTED = "not connected";

  private final long room;
  private final List<Sender> senders = new ArrayList<>();
  private volatile boolean stopping;
  private volatile long pauseNanos = 20_000_000;

  /**
   * @param apis every sender uses them in turn: the next one after each failure
   */
  public Load(List<V1Http> apis, List<User> users, long room) {
    this.room = room;
    for (User user : users) {
      senders.add(new Sender(apis, user, senders.size()));
    }
    senders.forEach(Thread::start);
  }

  private final class Sender extends Thread {
    private final List<V1Http> apis;
    private final User user;
    private final List<String> acknowledged = new ArrayList<>();
    private final Set<String> answers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger acks = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final boolean resends;
    private int turn;
    private boolean mayHaveArrived;

    Sender(List<V1Http> apis, User user, int number) {
      super("load-" + number);
      this.apis = apis;
      this.user = user;
      this.turn = number;
      this.resends = number % 2 == 1;
      setDaemon(true);
    }

    @Override
    public void run() {
      for (int n = 1; !stopping; n++) {
        String text = "load of " + user.id() + " number " + n;
        mayHaveArrived = false;
        boolean acknowledged = say(text);
        while (resends && !acknowledged && !stopping) {
          acknowledged = say(text);
        }
        LockSupport.parkNanos(pauseNanos);
      }
    }

    private boolean say(String text) {
      V1Http api = apis.get(turn % apis.size());
      try {
        V1Http.Answer answer =
            resends
                ? api.pushRoomNamed(user, room, text, text, mayHaveArrived)
                : api.pushRoom(user, room, text);
        if (answer.ok()) {
          acknowledged.add(text);
          acks.incrementAndGet();
          return true;
        }
        mayHaveArrived = true;
        answers.add(answer.toString());
      } catch (UncheckedIOException e) {
        boolean nobodyThere = e.getCause() instanceof ConnectException;
        mayHaveArrived |= !nobodyThere;
        answers.add(nobodyThere ? NOT_CONNECTED : "connection lost: " + e.getCause());
      }
      failures.incrementAndGet();
      turn++;
      return false;
    }
  }

  /** From now on at most so many messages a second of each, for a talk that lasts for long. */
  public void slowly(int messagesPerSecond) {
    pauseNanos = 1_000_000_000 / messagesPerSecond;
  }

  public int acknowledged() {
    return senders.stream().mapToInt(sender -> sender.acks.get()).sum();
  }

  /** Waits until so many more messages were acknowledged. */
  public void awaitMore(int messages) {
    int goal = acknowledged() + messages;
    Eventually.eventually(
        messages + " more acknowledged messages",
        Eventually.SOON.multipliedBy(2),
        () -> {
          if (acknowledged() < goal) {
            throw new IllegalStateException(acknowledged() + " of " + goal + ": " + refusals());
          }
          return true;
        });
  }

  /** What was answered other than ok. */
  public Set<String> refusals() {
    Set<String> all = new HashSet<>();
    senders.forEach(sender -> all.addAll(sender.answers));
    return all;
  }

  /** How often something other than ok was answered, or nothing. */
  public int failures() {
    return senders.stream().mapToInt(sender -> sender.failures.get()).sum();
  }

  /** Ends the talking; nothing is under way when this returns. */
  public void stop() {
    stopping = true;
    for (Sender sender : senders) {
      try {
        sender.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }

  /**
   * Everything acknowledged is in the history once, each sender's in the order of its acks, and
   * nothing is there twice.
   */
  public void assertKeptOnceInOrder(History history) {
    List<String> kept = history.texts();
    assertThat(kept).doesNotHaveDuplicates();
    for (Sender sender : senders) {
      Set<String> acknowledged = new HashSet<>(sender.acknowledged);
      assertThat(kept.stream().filter(acknowledged::contains).toList())
          .as("history of what was acknowledged to %s", sender.user)
          .isEqualTo(sender.acknowledged);
    }
  }

  /** Waits until the history has everything that was acknowledged, and checks it. */
  public History awaitKept(V1Http http, User reader) {
    stop();
    Eventually.holds(() -> assertKeptOnceInOrder(History.of(http, reader, room)));
    return History.of(http, reader, room);
  }

  @Override
  public void close() {
    stop();
  }
}
