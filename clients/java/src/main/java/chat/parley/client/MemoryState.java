package chat.parley.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * State that ends with the process. May be given to another client when the first is closed, which
 * then goes on where that one stopped. Thread-safe.
 */
public final class MemoryState implements ClientState {
  private Attempt attempt;
  private Login login;
  private Map<String, Long> cursors = Map.of();
  private final Map<String, Unsent> outbox = new LinkedHashMap<>();

  @Override
  public synchronized Optional<Login> login() {
    return Optional.ofNullable(login);
  }

  @Override
  public synchronized void saveLogin(Login login) {
    this.login = login;
  }

  @Override
  public synchronized Attempt nextAttempt() {
    attempt = attempt == null ? Attempt.first() : attempt.next();
    return attempt;
  }

  @Override
  public synchronized Map<String, Long> cursors() {
    return cursors;
  }

  @Override
  public synchronized void saveCursors(Map<String, Long> cursors) {
    this.cursors = Map.copyOf(cursors);
  }

  @Override
  public synchronized List<Unsent> outbox() {
    return new ArrayList<>(outbox.values());
  }

  @Override
  public synchronized void addUnsent(List<Unsent> messages) {
    messages.forEach(message -> outbox.put(message.clientMessageId(), message));
  }

  @Override
  public synchronized void removeUnsent(Collection<String> clientMessageIds) {
    clientMessageIds.forEach(outbox::remove);
  }

  @Override
  public void close() {}
}
