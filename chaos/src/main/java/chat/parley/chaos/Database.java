package chat.parley.chaos;

import java.util.Map;

/** Where accounts and messages are kept, as a soak sees it. */
public interface Database extends AutoCloseable {
  /** For people. */
  String name();

  /** Tells the servers where it is. */
  Map<String, String> asSettings();

  /** Where it listens; 0 when it is a file. */
  int port();

  /** Ends it as a crash does. */
  void kill();

  /** Starts it again where it was, if nobody else does, and does not wait. */
  void start();

  /** Stops every process of it, until they {@link #thaw}. */
  void freeze();

  void thaw();

  @Override
  void close();
}
