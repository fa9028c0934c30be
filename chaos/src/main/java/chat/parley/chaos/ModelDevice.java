package chat.parley.chaos;

import chat.parley.client.Ack;
import chat.parley.client.FileState;
import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Line;
import chat.parley.e2e.support.V2Http.Login;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/** A device of the model: its client, its network to each node, and what it has under way. */
final class ModelDevice implements AutoCloseable {
  private final Ledger ledger;
  private final Device device;
  private final List<Line> lines = new ArrayList<>();
  private final NavigableSet<Long> rooms = new ConcurrentSkipListSet<>();
  private final Map<String, CompletableFuture<Ack>> underWay = new LinkedHashMap<>();
  private final List<String> inherited = new ArrayList<>();
  private Path folder = DataFolder.create();
  private int life;
  private int revivals;
  private boolean forgotten;
  private boolean loginUnanswered;
  private volatile boolean down;
  private volatile boolean held;

  /**
   * @param home number of the server that it tries first
   */
  ModelDevice(Diary diary, Login login, Carrier carrier, Servers servers, int home, Ledger ledger) {
    this.ledger = ledger;
    List<URI> addresses = new ArrayList<>();
    for (int i = 0; i < servers.count(); i++) {
      Line line = new Line(servers.port(carrier, (home + i) % servers.count()));
      lines.add(line);
      addresses.add(carrier.address(line.port()));
    }
    device = new Device(diary, login, carrier, servers.apis(home), addresses);
    device.onSent(ack -> promised(ack, null));
    device.start(FileState.in(folder));
  }

  Device device() {
    return device;
  }

  long user() {
    return device.diary().user();
  }

  /** Rooms that the device is in. */
  NavigableSet<Long> rooms() {
    return rooms;
  }

  /** Whether its network lets everything through. */
  boolean reachable() {
    return !down && !held;
  }

  private void promised(Ack ack, String text) {
    ledger.promised(
        new Ledger.Promised(
            ack.conversation(), ack.seq(), ack.id(), user(), ack.clientMessageId(), text));
  }

  /** Hands a message to the client; the outbox has it from here on. */
  CompletableFuture<Ack> send(String conversation, String text) {
    String stream = device.diary().device() + "#" + life;
    ledger.handedIn(new Ledger.HandedIn(conversation, user(), text, stream));
    CompletableFuture<Ack> sent = device.client().send(conversation, text);
    underWay.put(text, sent);
    sent.thenAccept(ack -> promised(ack, text));
    return sent;
  }

  /** Messages without an ack. */
  int underWay() {
    underWay.values().removeIf(CompletableFuture::isDone);
    return underWay.size();
  }

  /** Messages in the outbox, those that an earlier life left there too. */
  int unsent() {
    return Math.max(underWay(), device.client().unsent());
  }

  void cut() {
    lines.forEach(Line::cut);
  }

  void down() {
    down = true;
    lines.forEach(Line::down);
  }

  void up() {
    down = false;
    lines.forEach(Line::up);
  }

  void holdToServer() {
    held = true;
    lines.forEach(Line::holdToServer);
  }

  void holdToClient() {
    held = true;
    lines.forEach(Line::holdToClient);
  }

  void release() {
    held = false;
    lines.forEach(Line::release);
  }

  /**
   * Starts the client again if it was told that the device has connected elsewhere. That may be
   * only after its store was thrown away: the Hello of a client that knew it, held up on its way,
   * cannot be told from another client's then.
   */
  void revive() {
    String why = device.ended();
    if (why != null && why.startsWith("REPLACED")) {
      if (!forgotten) {
        throw new AssertionError(device.diary().device() + " was replaced by itself");
      }
      revivals++;
      restart();
    }
  }

  /** A login without an answer may end the session of the next one: {@link Servers#haveCables}. */
  void loginUnanswered() {
    loginUnanswered = true;
  }

  /** Whether such a login has ended the session that it had. */
  boolean isLoggedOut() {
    String why = device.ended();
    if (why == null || why.startsWith("REPLACED")) {
      return false;
    }
    if (!loginUnanswered) {
      throw new AssertionError(device.diary().device() + " was ended: " + why);
    }
    return true;
  }

  /** How often it had to be started again. */
  int revivals() {
    return revivals;
  }

  /** Everything that was handed in is still sent, by the next client. */
  void restart() {
    underWay();
    inherited.addAll(underWay.keySet());
    underWay.clear();
    device.stop();
    begin();
  }

  /** The files are as they were at one moment; what the client still did after it is gone. */
  void crash() {
    Path copy = DataFolder.create();
    copy(folder, copy);
    vanish();
    folder = copy;
    device.diary().forgets();
    underWay.clear();
    begin();
  }

  /** The client gets no last word: what it acknowledged before is all that the server knows. */
  private void vanish() {
    lines.forEach(Line::down);
    device.crash();
    if (!down) {
      lines.forEach(Line::up);
    }
  }

  /** Nothing is left but the token. */
  void forget() {
    forgotten = true;
    vanish();
    folder = DataFolder.create();
    device.diary().forgets();
    underWay.clear();
    inherited.clear();
    begin();
  }

  /** What earlier clients left in an outbox that was never lost must have been sent by now. */
  void settled() {
    ledger.mustArrive(inherited);
    inherited.clear();
  }

  /** A new session, of which the old client is told, unless it hears nothing. */
  void logIn(Login again) {
    device.loggedIn(again);
    forget();
  }

  private void begin() {
    life++;
    device.start(FileState.in(folder));
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().equals("lock")) {
          try {
            Files.copy(file, to.resolve(file.getFileName()));
          } catch (NoSuchFileException renamed) {
            // It was written beside and has taken its place by now.
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    device.close();
    lines.forEach(Line::close);
  }
}
