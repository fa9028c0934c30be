package chat.parley.chaos;

import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.PostgresServer;
import chat.parley.e2e.support.Signals;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real PostgreSQL on files of its own, killed and started again on them. */
final class PostgresFiles implements Database {
  private static final String PID_FILE = "postmaster.pid";

  private final Path folder;
  private final EmbeddedPostgres first;
  private final List<String> command;
  private ProcessHandle postmaster;
  private List<ProcessHandle> frozen = List.of();

  PostgresFiles(Path folder) {
    this.folder = folder.resolve("postgresql");
    try {
      Files.createDirectories(folder);
      first = PostgresServer.start(this.folder);
      postmaster = running();
      command = commandOf(postmaster.pid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessHandle running() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(folder.resolve(PID_FILE)).get(0).trim());
    return ProcessHandle.of(pid).orElseThrow(() -> new AssertionError("no PostgreSQL " + pid));
  }

  /** As it was started; it refuses to be the administrator's process, who shows no face then. */
  private static List<String> commandOf(long pid) throws IOException {
    Path proc = Path.of("/proc", "" + pid);
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(Files.readSymbolicLink(proc.resolve("exe")).toString());
    List<String> words = List.of(Files.readString(proc.resolve("cmdline")).split("\0"));
    command.addAll(words.subList(1, words.size()));
    return command;
  }

  @Override
  public String name() {
    return "PostgreSQL";
  }

  @Override
  public Map<String, String> asSettings() {
    return Map.of(
        "PARLEY_DATABASE_URL",
        "jdbc:postgresql://127.0.0.1:" + first.getPort() + "/postgres?reWriteBatchedInserts=true",
        "PARLEY_DATABASE_USER",
        "postgres");
  }

  @Override
  public int port() {
    return first.getPort();
  }

  /** The postmaster and who serves its connections. */
  private List<ProcessHandle> all() {
    return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
  }

  @Override
  public void kill() {
    List<ProcessHandle> all = all();
    all.forEach(ProcessHandle::destroyForcibly);
    Eventually.eventually(
        "PostgreSQL to be dead", () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Override
  public void start() {
    try {
      Files.deleteIfExists(folder.resolve(PID_FILE));
      Process again =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(
                      folder.resolveSibling("postgresql.log").toFile()))
              .start();
      // With unshare in front of it, the same process becomes it.
      postmaster = again.toHandle();
      Signals.endWithUs(postmaster);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void freeze() {
    frozen = all();
    frozen.forEach(process -> Signals.freeze(process.pid()));
  }

  @Override
  public void thaw() {
    frozen.forEach(process -> Signals.thaw(process.pid()));
  }

  @Override
  public String toString() {
    return name();
  }

  @Override
  public void close() {
    kill();
    try {
      first.close();
    } catch (IOException alreadyDead) {
      // That is what was wanted.
    }
  }
}
