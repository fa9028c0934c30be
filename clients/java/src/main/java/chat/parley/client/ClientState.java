package chat.parley.client;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client must not forget. Belongs to one client at a time, which calls it on its own thread;
 * failures are {@link java.io.UncheckedIOException}s.
 */
public interface ClientState extends AutoCloseable {
  /** Token and device, if the client has logged in before. */
  Optional<Login> login();

  /** Replaces token and device. */
  void saveLogin(Login login);

  /** Counts an attempt to connect; on return the number is not given again. */
  Attempt nextAttempt();

  /** Up to where each conversation was received. */
  Map<String, Long> cursors();

  /** Replaces all cursors. */
  void saveCursors(Map<String, Long> cursors);

  /** What was not acknowledged, in the order in which it was added. */
  List<Unsent> outbox();

  /** Adds messages; on return they survive the death of the process. */
  void addUnsent(List<Unsent> messages);

  /** Takes out messages that were acknowledged or refused. */
  void removeUnsent(Collection<String> clientMessageIds);

  /** Lets go of what it holds. Nothing is called after. */
  @Override
  void close();
}
