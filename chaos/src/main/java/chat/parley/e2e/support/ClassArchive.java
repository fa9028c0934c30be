package chat.parley.e2e.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The server's classes as the JVM keeps them in memory, archived once for all processes of a run:
 * with them a start needs half the processor time. {@code ./parley} makes an archive after a build;
 * where there is none that fits, one is made here.
 */
final class ClassArchive {
  private static final Path OWN =
      Path.of(System.getProperty("parley.logs"))
          .toAbsolutePath()
          .resolveSibling("classes-%d.jsa".formatted(ProcessHandle.current().pid()));

  /** Archives that do not fit cost time only, and nobody is to read of them. */
  private static final List<String> QUIETLY = List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");

  private static List<String> options;

  private ClassArchive() {}

  /** For the JVM of a process; none where no archive could be made. */
  static synchronized List<String> options() {
    if (options == null) {
      Path home = Path.of(System.getProperty("parley.home"));
      Path made = home.resolve("classes-%d.jsa".formatted(Runtime.version().feature()));
      boolean fits =
          made.toFile().lastModified() > home.resolve("parley.jar").toFile().lastModified();
      options = fits ? options(made) : ownOptions();
    }
    return options;
  }

  private static List<String> options(Path archive) {
    return List.of("-XX:SharedArchiveFile=" + archive, QUIETLY.get(0), QUIETLY.get(1));
  }

  /** The JVM writes it at the orderly end of a process that has started everything. */
  private static List<String> ownOptions() {
    ParleyProcess.Builder everything =
        ParleyProcess.up(DataFolder.create())
            .withoutClassArchive()
            .options("-XX:ArchiveClassesAtExit=" + OWN, QUIETLY.get(0), QUIETLY.get(1));
    try (ParleyProcess parley = everything.start()) {
      parley.terminate();
    }
    return Files.isRegularFile(OWN) ? options(OWN) : List.of();
  }
}
