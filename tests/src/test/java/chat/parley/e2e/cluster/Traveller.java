package chat.parley.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.client.Ack;
import chat.parley.client.MemoryState;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A v2 device in a room that goes from node to node as the servers tell it, and talks all the way:
 * a message when the one before was acknowledged.
 */
final class Traveller implements AutoCloseable, ParleyListener {
  private static final Executor PACE =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  private final String name;
  private final long room;
  private final ParleyClient client;
  private final List<URI> visited = new CopyOnWriteArrayList<>();
  private final List<String> losses = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<Message> heard = new CopyOnWriteArrayList<>();
  private final List<Ack> acks = new CopyOnWriteArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private volatile boolean synced;
  private volatile boolean resting;
  private CompletableFuture<?> talk = CompletableFuture.completedFuture(null);

  Traveller(String name, Login login, Carrier carrier, List<URI> servers, long room) {
    this.name = name;
    this.room = room;
    this.client =
        ParleyClient.builder()
            .connect(servers)
            .encoding(carrier.encoding())
            .token(login.token(), login.deviceId())
            .deviceName(name)
            .state(new MemoryState())
            .listener(this)
            .build();
    client.start();
    Eventually.eventually(name + " to be connected", () -> synced);
    client.join(room, 0).join();
  }

  /** Begins to talk. */
  void talk() {
    talk = sayNext();
  }

  private CompletableFuture<?> sayNext() {
    if (resting) {
      return CompletableFuture.completedFuture(null);
    }
    String text = name + " says " + said.size();
    said.add(text);
    return client.sendToRoom(room, text).thenComposeAsync(ack -> sayNext(), PACE);
  }

  /** Says no more; returns when everything said is acknowledged. */
  void rest() throws Exception {
    resting = true;
    talk.get(60, TimeUnit.SECONDS);
  }

  /** Where it has been, in order. */
  List<URI> visited() {
    return visited;
  }

  List<String> said() {
    return said;
  }

  List<String> texts() {
    return heard.stream().map(Message::text).toList();
  }

  /** No connection ended but by a goodbye that sent it elsewhere, and nothing was refused. */
  void assertSmoothJourney() {
    assertThat(complaints).as(name).isEmpty();
    assertThat(losses)
        .as(name)
        .hasSize(visited.size() - 1)
        .allSatisfy(reason -> assertThat(reason).startsWith("RESTART"));
    assertThat(acks).hasSize(said.size());
  }

  @Override
  public void onConnected(Session session) {
    visited.add(session.address());
  }

  @Override
  public void onSynced() {
    synced = true;
  }

  @Override
  public void onMessage(Message message) {
    heard.add(message);
  }

  @Override
  public void onSent(Ack ack) {
    acks.add(ack);
  }

  @Override
  public void onRefused(Unsent message, ParleyException reason) {
    complaints.add("refused: " + message.text() + ": " + reason);
  }

  @Override
  public void onNotRecovered(String conversation, long from, long to) {
    complaints.add("not recovered: " + conversation + " " + from + " to " + to);
  }

  @Override
  public void onDisconnected(String reason, boolean willRetry) {
    losses.add(reason);
  }

  @Override
  public void onEnded(String reason) {
    complaints.add("ended: " + reason);
  }

  @Override
  public void close() {
    client.close();
  }
}
