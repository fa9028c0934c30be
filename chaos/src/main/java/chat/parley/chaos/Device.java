package chat.parley.chaos;

import chat.parley.client.Ack;
import chat.parley.client.ClientState;
import chat.parley.client.Message;
import chat.parley.client.ParleyClient;
import chat.parley.client.ParleyException;
import chat.parley.client.ParleyListener;
import chat.parley.client.Session;
import chat.parley.client.Unsent;
import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.V2Http.Login;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A device that runs Parley's own Java client, and the diary of what its listener was told. The
 * client may end and another one go on in its place: to the diary it is the same device.
 */
public final class Device implements AutoCloseable {
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** How long something that must succeed is tried: longer than any fault lasts. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Carrier carrier;
  private final List<URI> apis;
  private final List<URI> servers;
  private final Diary diary;
  private final Map<String, Integer> losses = new ConcurrentHashMap<>();
  private Consumer<Ack> acks = ack -> {};
  private volatile Login login;
  private volatile Life life;

  /**
   * @param name for people
   * @param apis tried in turn
   * @param servers of the carrier, tried in turn
   */
  public Device(String name, Login login, Carrier carrier, List<URI> apis, List<URI> servers) {
    this(new Diary(name, login.userId()), login, carrier, apis, servers);
  }

  /** With a diary of the caller's. */
  Device(Diary diary, Login login, Carrier carrier, List<URI> apis, List<URI> servers) {
    this.login = login;
    this.carrier = carrier;
    this.apis = apis;
    this.servers = servers;
    this.diary = diary;
  }

  /** One client, from its start to its end. Its listener writes into the diary while it lives. */
  private final class Life implements ParleyListener {
    private final AtomicReference<String> ended = new AtomicReference<>();
    private volatile boolean connected;
    private volatile boolean synced;
    private volatile boolean listening = true;
    private volatile ParleyClient client;

    @Override
    public void onConnected(Session session) {
      connected = true;
    }

    @Override
    public void onSynced() {
      synced = true;
    }

    @Override
    public void onMessage(Message message) {
      if (listening) {
        diary.heard(message.conversation(), message.seq(), message.senderId(), message.text());
      }
    }

    @Override
    public void onSent(Ack ack) {
      acks.accept(ack);
    }

    @Override
    public void onRefused(Unsent message, ParleyException reason) {
      diary.complain("refused: " + message.text() + " in " + message.target() + ": " + reason);
    }

    @Override
    public void onNotRecovered(String conversation, long from, long to) {
      diary.complain("not recovered: " + conversation + " " + from + " to " + to);
    }

    @Override
    public void onDisconnected(String reason, boolean willRetry) {
      losses.merge(reason.replaceAll("[0-9]+", "N"), 1, Integer::sum);
      connected = false;
      synced = false;
    }

    @Override
    public void onEnded(String reason) {
      connected = false;
      ended.set(reason);
    }
  }

  /** Who hears of every acknowledgement, those of an earlier life's outbox too. */
  public void onSent(Consumer<Ack> listener) {
    acks = listener;
  }

  public Diary diary() {
    return diary;
  }

  public Login login() {
    return login;
  }

  public ParleyClient client() {
    return life.client;
  }

  /** Why connections were lost, and how often. */
  public Map<String, Integer> losses() {
    return losses;
  }

  public boolean connected() {
    return life != null && life.connected;
  }

  /** Connected, and has everything that there was when it connected. */
  public boolean synced() {
    return life.synced;
  }

  /** Why the client has given up for good; null while it has not. */
  public String ended() {
    return life.ended.get();
  }

  /** Begins a life. */
  public Device start(ClientState state) {
    Life begun = new Life();
    begun.client =
        ParleyClient.builder()
            .api(apis)
            .connect(servers)
            .encoding(carrier.encoding())
            .token(login.token(), login.deviceId())
            .deviceName(diary.device())
            .state(state)
            .listener(begun)
            .backoff(SHORTEST_PAUSE, LONGEST_PAUSE)
            .build();
    life = begun;
    begun.client.start();
    return this;
  }

  /** Goes on with another session of the device. */
  public void loggedIn(Login again) {
    login = again;
  }

  public Device awaitSynced() {
    Eventually.eventually(
        diary.device() + " to be connected and synced",
        PATIENCE,
        () -> {
          if (life.ended.get() != null) {
            throw new IllegalStateException("ended: " + life.ended.get());
          }
          return life.synced;
        });
    return this;
  }

  /** Joins a room and notes from where; repeats what fails for a passing reason. */
  public void join(long room) {
    diary.joins(Conversations.room(room));
    var joined = insist("join", () -> life.client.join(room));
    diary.joined(joined.conversation(), joined.after());
  }

  public void leave(long room) {
    insist("leave", () -> life.client.leave(room));
    diary.left(Conversations.room(room));
  }

  private interface Request<T> {
    CompletableFuture<T> perform();
  }

  private <T> T insist(String what, Request<T> request) {
    AtomicReference<T> answer = new AtomicReference<>();
    Eventually.eventually(
        diary.device() + " to " + what,
        PATIENCE,
        () -> {
          try {
            answer.set(request.perform().get(10, TimeUnit.SECONDS));
            return true;
          } catch (TimeoutException e) {
            throw new IllegalStateException("no answer to " + what + " within its deadline", e);
          }
        });
    return answer.get();
  }

  /** Ends the client in an orderly way; its state has everything. */
  public void stop() {
    life.client.close();
    life.listening = false;
  }

  /** Nothing that the client still hears is heard by anybody; then it is ended. */
  public void crash() {
    life.listening = false;
    life.client.close();
  }

  @Override
  public void close() {
    if (life != null) {
      life.client.close();
    }
  }
}
