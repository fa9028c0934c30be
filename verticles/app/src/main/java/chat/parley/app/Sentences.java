package chat.parley.app;

import chat.parley.bus.ChatError;
import chat.parley.settings.SettingsException;
import java.net.BindException;

/** One sentence for a failure, for people who have not read the source. */
final class Sentences {
  private Sentences() {}

  /** The most telling message of a failure and its causes, on one line. */
  static String of(Throwable failure) {
    Throwable root = failure;
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof StartFailure || t instanceof SettingsException || t instanceof ChatError) {
        return line(t);
      }
      if (t instanceof BindException) {
        return "a port is taken: " + line(t);
      }
      root = t;
    }
    return line(root);
  }

  private static String line(Throwable t) {
    String message = t.getMessage();
    return message == null || message.isBlank()
        ? t.getClass().getSimpleName()
        : message.replaceAll("\\s+", " ").trim();
  }
}
