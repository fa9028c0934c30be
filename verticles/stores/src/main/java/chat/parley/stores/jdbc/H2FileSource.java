package chat.parley.stores.jdbc;

import chat.parley.stores.FileMutex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.h2.jdbcx.JdbcDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to an H2 file that several processes share, made by one process at a time.
 *
 * <p>When the process that has the file dies, the others take it over by H2's lock file: each waits
 * until it is 2 s old, writes its own name into it, waits for 2 s, and has the file if its name is
 * still there ({@code org.h2.store.FileLock}). Several at once write over each other's names, for
 * as long as chance will have it. Where they come one after the other, the first needs those few
 * seconds, and none at all when the {@link LockFile} tells that its writer is gone.
 */
final class H2FileSource extends PlainDataSource {
  private static final Logger LOG = LoggerFactory.getLogger(H2FileSource.class);

  /** Longer than a takeover. Whoever is stopped in the middle of one keeps the others no longer. */
  private static final Duration TURN = Duration.ofSeconds(15);

  private final JdbcDataSource real = new JdbcDataSource();
  private final Path turns;
  private final LockFile lockFile;

  /**
   * @param file what the address names, without H2's endings
   */
  H2FileSource(String url, String user, String password, Path file) {
    real.setURL(url);
    real.setUser(user);
    real.setPassword(password);
    lockFile = new LockFile(file);
    turns = file.resolveSibling(file.getFileName() + ".opening.lock");
  }

  @Override
  public Connection getConnection() throws SQLException {
    try (FileMutex turn = turn().orElse(null)) {
      if (turn != null) {
        lockFile.removeIfLeftBehind();
      }
      return real.getConnection();
    } catch (IOException e) {
      throw new SQLException("the locks of the database cannot be used", "08000", e);
    }
  }

  /** Empty when it cannot be had: then H2's own lock must do. */
  private Optional<FileMutex> turn() {
    try {
      Files.createDirectories(turns.getParent());
      return FileMutex.take(turns, TURN);
    } catch (IOException e) {
      LOG.debug("no turn to open the database", e);
      return Optional.empty();
    }
  }
}
