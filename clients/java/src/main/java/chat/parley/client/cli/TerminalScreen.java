package chat.parley.client.cli;

import java.io.IOException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** For a person: what comes is printed above the line that is being typed. */
final class TerminalScreen implements Screen {
  private final Terminal terminal;
  private final LineReader reader;
  private final boolean colours = System.getenv("NO_COLOR") == null;

  TerminalScreen() throws IOException {
    terminal = TerminalBuilder.builder().system(true).build();
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            // A ! is a letter here.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  @Override
  public void print(String line) {
    reader.printAbove(line);
  }

  @Override
  public void note(String line) {
    AttributedStyle style = colours ? AttributedStyle.DEFAULT.faint() : AttributedStyle.DEFAULT;
    AttributedString note =
        new AttributedStringBuilder().append("· " + line, style).toAttributedString();
    reader.printAbove(note);
  }

  @Override
  public String read() {
    try {
      return reader.readLine("> ");
    } catch (EndOfFileException | UserInterruptException e) {
      return null;
    }
  }

  @Override
  public boolean isTerminal() {
    return true;
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      // The process ends.
    }
  }
}
