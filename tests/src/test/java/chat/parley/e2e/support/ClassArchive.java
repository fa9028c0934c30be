package chat.parley.e2e.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The server's classes as the JVM keeps them in memory, archived once for all processes of a run,
 * as {@code ./parley} does it: with them a start needs half the processor time.
 */
final class ClassArchive {
  private static final Path FILE =
      Path.of(System.getProperty("parley.logs"), "classes.jsa").toAbsolutePath();

  /** Archives that do not fit cost time only, and nobody is to read of them. */
  private static final List<String> QUIETLY = List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");

  private static List<String> options;

  private ClassArchive() {}

  /** For the JVM of a process; none where no archive could be made. */
  static synchronized List<String> options() {
    if (options == null) {
      make();
      options =
          Files.isRegularFile(FILE)
              ? List.of("-XX:SharedArchiveFile=" + FILE, QUIETLY.get(0), QUIETLY.get(1))
              : List.of();
    }
    return options;
  }

  /** The JVM writes it at the orderly end of a process that has started everything. */
  private static void make() {
    ParleyProcess.Builder everything =
        ParleyProcess.up(DataFolder.create())
            .withoutClassArchive()
            .shortLived()
            .options("-XX:ArchiveClassesAtExit=" + FILE, QUIETLY.get(0), QUIETLY.get(1));
    try (ParleyProcess parley = everything.start()) {
      parley.terminate();
    }
  }
}
