package chat.parley.client.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** For pipes and files: messages on one stream, notes on the other, UTF-8. */
final class PlainScreen implements Screen {
  private final BufferedReader in;
  private final PrintStream out;
  private final PrintStream notes;

  PlainScreen(InputStream in, PrintStream out, PrintStream notes) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    this.notes = new PrintStream(notes, true, StandardCharsets.UTF_8);
  }

  @Override
  public void print(String line) {
    out.println(line);
  }

  @Override
  public void note(String line) {
    notes.println("parley: " + line);
  }

  @Override
  public String read() throws IOException {
    return in.readLine();
  }

  @Override
  public boolean isTerminal() {
    return false;
  }

  @Override
  public void close() {
    out.flush();
  }
}
