package chat.parley.client.cli;

import java.io.IOException;

/** Where a chat is read and written. Lines may be printed from any thread. */
interface Screen extends AutoCloseable {
  /** A line for the reader, such as a message. */
  void print(String line);

  /** A line about the chat itself. */
  void note(String line);

  /** The next line that was typed; null when there will be no other. */
  String read() throws IOException;

  /** Whether a person sees it. */
  boolean isTerminal();

  @Override
  void close();
}
