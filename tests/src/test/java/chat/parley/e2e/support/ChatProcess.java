package chat.parley.e2e.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of the chat of the command line, in a pipe: lines go in, lines come out. */
public final class ChatProcess implements AutoCloseable {
  private static final Path JAR =
      Path.of(
          System.getProperty("parley.repository"),
          "clients/java/target/parley-client/parley-client.jar");
  private static final int EXIT_WITHIN_S = 40;

  private final Path folder = DataFolder.create();
  private final Path out = folder.resolve("out");
  private final Path notes = folder.resolve("notes");
  private final Process process;

  private ChatProcess(Endpoints server, Path state, String user, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-jar", JAR.toString(), "--user", user));
    command.addAll(List.of("--api", server.apiAddress().toString()));
    command.addAll(List.of("--connect", server.wsAddress().toString()));
    command.addAll(List.of("--state", state.toString()));
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(notes.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("PARLEY_"));
    builder.environment().put("PARLEY_PASSWORD", V2Http.passwordOf(user));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Leftovers.watch(process.toHandle());
  }

  /**
   * Starts it for a user whose password {@link V2Http#passwordOf} knows.
   *
   * @param state where it keeps what it must not forget
   */
  public static ChatProcess start(Endpoints server, Path state, String user, String... options) {
    return new ChatProcess(server, state, user, List.of(options));
  }

  /** Types a line. */
  public void type(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new AssertionError("it does not read: " + notes(), e);
    }
  }

  /** Waits for a printed line that has all of these. */
  public String awaitLine(String... parts) {
    return Eventually.find(
        "a line with " + List.of(parts),
        Eventually.SOON.multipliedBy(2),
        () -> {
          var found =
              lines().stream().filter(line -> List.of(parts).stream().allMatch(line::contains));
          var first = found.findFirst();
          if (first.isEmpty()) {
            throw new IllegalStateException("it printed " + lines() + " and " + notes());
          }
          return first;
        });
  }

  /** What it printed: messages. */
  public List<String> lines() {
    return read(out).lines().toList();
  }

  /** What it said beside the messages. */
  public String notes() {
    return read(notes);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends its input and waits until it has ended; answers its exit code. */
  public int end() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(EXIT_WITHIN_S, TimeUnit.SECONDS)) {
        throw new AssertionError("still runs: " + notes());
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
