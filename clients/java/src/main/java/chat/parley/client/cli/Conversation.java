package chat.parley.client.cli;

import chat.parley.client.Ack;
import chat.parley.client.Message;
import chat.parley.client.ParleyClient;
import chat.parley.client.ParleyException;
import chat.parley.client.ParleyListener;
import chat.parley.client.Session;
import chat.parley.client.User;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One run of the chat: what is typed goes out, what comes is printed. */
final class Conversation implements ParleyListener {
  private final Chat options;
  private final Screen screen;
  private final Typed typed;
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private final CompletableFuture<Void> synced = new CompletableFuture<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final AtomicBoolean refused = new AtomicBoolean();
  private final List<CompletableFuture<Ack>> sent = new ArrayList<>();
  private volatile Lines lines = new Lines(ZoneId.systemDefault(), "");
  private volatile long self;
  private volatile boolean told;

  Conversation(Chat options, Screen screen, Typed typed) {
    this.options = options;
    this.screen = screen;
    this.typed = typed;
    if (options.users.isEmpty() && options.rooms.size() == 1) {
      lines = new Lines(ZoneId.systemDefault(), "room:" + options.rooms.get(0));
    }
  }

  /** Until the input ends, or the server ends it. Answers the exit code. */
  int run(ParleyClient client) throws InterruptedException, IOException {
    client.start();
    ended.thenAccept(reason -> connected.completeExceptionally(new IllegalStateException(reason)));
    try {
      within(connected);
      String target = enter(client);
      if (options.noInput) {
        ended.join();
      } else {
        sendLines(client, target);
        return finish(client);
      }
    } catch (ExecutionException e) {
      screen.note(e.getCause().getMessage());
    } catch (TimeoutException e) {
      screen.note("no connection within " + options.waitSeconds + " s");
    }
    return 1;
  }

  /** Into every room and to every user; answers where lines go. */
  private String enter(ParleyClient client)
      throws InterruptedException, ExecutionException, TimeoutException {
    String first = null;
    for (long room : options.rooms) {
      within(client.join(room));
      first = first == null ? "room:" + room : first;
    }
    for (String name : options.users) {
      User user = within(client.findUser(name));
      if (first == null) {
        first = user.conversation();
        lines = new Lines(ZoneId.systemDefault(), first);
      }
    }
    return first;
  }

  private void sendLines(ParleyClient client, String target) throws IOException {
    for (String line = screen.read(); line != null && !ended.isDone(); line = screen.read()) {
      if (line.isBlank()) {
        continue;
      }
      String text = line;
      typed.add(text);
      CompletableFuture<Ack> ack = client.send(target, text);
      synchronized (sent) {
        sent.removeIf(CompletableFuture::isDone);
        sent.add(ack);
      }
      if (!screen.isTerminal()) {
        awaitRoom();
      }
      ack.whenComplete(
          (done, failure) -> {
            if (failure != null && !isLeftBehind(failure)) {
              notSent(text, failure);
            }
          });
    }
  }

  /** A pipe is read no faster than the server takes it. */
  private void awaitRoom() {
    CompletableFuture<?> oldest = null;
    synchronized (sent) {
      if (sent.size() > 5_000) {
        oldest = sent.get(0);
      }
    }
    if (oldest != null) {
      oldest.exceptionally(failure -> null).join();
    }
  }

  private static boolean isLeftBehind(Throwable failure) {
    return failure instanceof ParleyException e && ParleyException.CLOSED.equals(e.code());
  }

  private void notSent(String text, Throwable failure) {
    refused.set(true);
    typed.comesBack(text);
    screen.note("not sent: " + text + " (" + failure.getMessage() + ")");
  }

  private int finish(ParleyClient client) throws InterruptedException {
    CompletableFuture<Void> all;
    synchronized (sent) {
      all =
          CompletableFuture.allOf(
              sent.stream()
                  .map(ack -> ack.exceptionally(failure -> null))
                  .toArray(CompletableFuture[]::new));
    }
    try {
      within(all);
      if (!screen.isTerminal()) {
        within(CompletableFuture.anyOf(synced, ended));
      }
    } catch (TimeoutException | ExecutionException e) {
      screen.note(
          "%d not acknowledged within %d s; the next start sends them"
              .formatted(client.unsent(), options.waitSeconds));
      return 1;
    }
    if (options.follow && !screen.isTerminal()) {
      ended.join();
    }
    return refused.get() || ended.isDone() ? 1 : 0;
  }

  private <T> T within(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(options.waitSeconds, TimeUnit.SECONDS);
  }

  void save() {
    typed.save();
  }

  @Override
  public void onConnected(Session session) {
    self = session.userId();
    if (screen.isTerminal()) {
      screen.note("connected to " + session.address() + " as " + session.userName());
    }
    told = false;
    connected.complete(null);
  }

  @Override
  public void onMessage(Message message) {
    if (message.senderId() != self || !typed.comesBack(message.text())) {
      screen.print(lines.of(message));
    }
  }

  @Override
  public void onSynced() {
    synced.complete(null);
  }

  @Override
  public void onNotRecovered(String conversation, long from, long to) {
    screen.note("%s: messages %d to %d are not kept any more".formatted(conversation, from, to));
  }

  @Override
  public void onDisconnected(String reason, boolean willRetry) {
    // Once for each outage, not for each attempt.
    if (willRetry && !told) {
      told = true;
      screen.note(reason + "; trying again");
    }
  }

  @Override
  public void onEnded(String reason) {
    if (connected.isDone()) {
      screen.note("the server has ended this: " + reason);
    }
    ended.complete(reason);
  }
}
