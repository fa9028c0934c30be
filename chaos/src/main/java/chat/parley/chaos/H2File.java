package chat.parley.chaos;

import chat.parley.e2e.support.Mesh;
import chat.parley.e2e.support.ParleyProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The H2 file that the processes share: the one that opened it first serves it to the others. */
final class H2File implements Database {
  private static final String SUFFIX = ".mv.db";

  private final Path folder;
  private final Mesh mesh;
  private String served;

  H2File(Path folder, Mesh mesh) {
    this.folder = folder;
    this.mesh = mesh;
  }

  @Override
  public String name() {
    return "H2";
  }

  @Override
  public Map<String, String> asSettings() {
    return Map.of();
  }

  @Override
  public int port() {
    return 0;
  }

  /** Of the member that has the file open; the first one where that cannot be seen. */
  private String server() {
    List<String> living = mesh.names().stream().filter(n -> mesh.process(n).isAlive()).toList();
    return living.stream().filter(this::hasItOpen).findFirst().orElse(living.get(0));
  }

  private boolean hasItOpen(String member) {
    ParleyProcess process = mesh.process(member);
    try (Stream<Path> files = Files.list(Path.of("/proc", "" + process.pid(), "fd"))) {
      return files.anyMatch(this::isTheFile);
    } catch (IOException notLinuxOrGone) {
      return false;
    }
  }

  private boolean isTheFile(Path descriptor) {
    try {
      Path file = Files.readSymbolicLink(descriptor);
      return file.startsWith(folder.toAbsolutePath()) && file.toString().endsWith(SUFFIX);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  @Override
  public void kill() {
    served = server();
    mesh.process(served).kill9();
  }

  @Override
  public void start() {
    mesh.launch(served);
  }

  @Override
  public void freeze() {
    served = server();
    mesh.process(served).freeze();
  }

  @Override
  public void thaw() {
    mesh.process(served).thaw();
  }

  /** Which member it was, of the last {@link #kill} or {@link #freeze}. */
  @Override
  public String toString() {
    return served == null ? "H2" : "H2, in " + served;
  }

  @Override
  public void close() {
    // Its processes are the mesh's.
  }
}
