package chat.parley.chaos;

import chat.parley.e2e.support.Mesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A clock of its own for one process of each layer, by libfaketime (Debian: libfaketime): the time
 * of day may jump, as it does when a machine's clock is set; what measures durations goes on
 * evenly, as it does then.
 */
public final class Clocks {
  /** The kind of fault that it is there for. */
  static final String FAULT = "clock";

  private static final String LIBRARY = "faketime/libfaketime.so.1";
  private static final List<Path> FOLDERS = List.of(Path.of("/usr/lib"), Path.of("/usr/local/lib"));

  private final Path folder;
  private final List<String> members = new ArrayList<>();

  /** The members have their clocks when they are started the next time. */
  Clocks(Mesh mesh, Path folder) {
    this.folder = folder;
    Path library = library().orElseThrow();
    for (String name : mesh.names()) {
      if (name.endsWith("-1")) {
        members.add(name);
        set(name, 0);
        mesh.of(name, "LD_PRELOAD", library.toString())
            .of(name, "FAKETIME_TIMESTAMP_FILE", file(name).toString())
            .of(name, "FAKETIME_CACHE_DURATION", "1")
            .of(name, "FAKETIME_DONT_FAKE_MONOTONIC", "1")
            // Else every wait of the JVM, which are on the monotonic clock, ends at once.
            .of(name, "FAKETIME_FORCE_MONOTONIC_FIX", "0");
      }
    }
  }

  /** Why there are none; empty when there are. */
  static Optional<String> impossible() {
    return library().isPresent() ? Optional.empty() : Optional.of("libfaketime is not installed");
  }

  /** In the folder of the machine's kind, below one of those above. */
  private static Optional<Path> library() {
    for (Path folder : FOLDERS) {
      try (Stream<Path> kinds = Files.list(folder)) {
        Optional<Path> found =
            Stream.concat(Stream.of(folder), kinds)
                .map(kind -> kind.resolve(LIBRARY))
                .filter(Files::isReadable)
                .findFirst();
        if (found.isPresent()) {
          return found;
        }
      } catch (IOException notThere) {
        // Looked for elsewhere.
      }
    }
    return Optional.empty();
  }

  private Path file(String member) {
    return folder.resolve("clock-" + member);
  }

  /** Whose clock can be set. */
  public List<String> members() {
    return List.copyOf(members);
  }

  /** Sets a member's clock so far ahead of the machine's, or behind it. */
  public void set(String member, int seconds) {
    try {
      Path written = folder.resolve("clock-" + member + ".new");
      Files.writeString(written, "%+d\n".formatted(seconds));
      Files.move(written, file(member), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
