package chat.parley.e2e.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fresh folders for the data of servers, under the build's folder, kept for a look afterwards. */
public final class DataFolder {
  private static final Path ALL =
      Path.of(System.getProperty("parley.logs")).resolveSibling("e2e-data");

  private DataFolder() {}

  public static Path create() {
    try {
      Files.createDirectories(ALL);
      return Files.createTempDirectory(ALL, "data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
