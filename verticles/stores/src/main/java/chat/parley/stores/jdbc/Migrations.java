package chat.parley.stores.jdbc;

import chat.parley.settings.SettingsException;
import chat.parley.stores.DatabaseSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a database to the schema of this version, once per process and database. Blocking. */
final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  /**
   * Mostly it takes a second. Where the file's holder dies and the one that has taken it over dies
   * too, it took the others 28 s to come to terms.
   */
  private static final Duration TAKEOVER = Duration.ofSeconds(60);

  private static final Duration TAKEOVER_POLL = Duration.ofMillis(100);
  private static final Set<String> UP_TO_DATE = new HashSet<>();

  private Migrations() {}

  /**
   * Safe when several threads and processes do it at the same moment: PostgreSQL by Flyway's lock
   * there, an H2 file by a lock of ours beside it. Flyway's lock does not hold on H2, where each
   * CREATE commits and so ends it.
   *
   * @throws SettingsException when the database cannot be reached or migrated
   */
  static synchronized void run(DatabaseSettings settings, DatabaseAddress address) {
    if (UP_TO_DATE.contains(address.url())) {
      return;
    }
    try {
      Optional<Path> file = address.file();
      if (file.isPresent()) {
        migrateAlone(settings, address, file.get());
      } else {
        migrate(settings, address);
      }
    } catch (FlywayException e) {
      throw new SettingsException("the database cannot be used: " + reasonOf(e), e);
    } catch (IOException e) {
      throw new SettingsException(
          "the folder of the database cannot be written: " + e.getMessage(), e);
    }
    UP_TO_DATE.add(address.url());
  }

  private static void migrateAlone(DatabaseSettings settings, DatabaseAddress address, Path file)
      throws IOException {
    Files.createDirectories(file.getParent());
    Path lockFile = file.resolveSibling(file.getFileName() + ".migration.lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      migratePatiently(settings, address);
    }
  }

  /** The process that holds the file for the others may end just now; another one takes it over. */
  private static void migratePatiently(DatabaseSettings settings, DatabaseAddress address) {
    long end = System.nanoTime() + TAKEOVER.toNanos();
    boolean said = false;
    while (true) {
      try {
        migrate(settings, address);
        return;
      } catch (FlywayException e) {
        if (!SqlErrors.of(e).retryable() || System.nanoTime() > end) {
          throw e;
        }
        if (!said) {
          said = true;
          LOG.info("waiting for the database: {}", reasonOf(e));
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(TAKEOVER_POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SettingsException("the start was interrupted", e);
    }
  }

  private static void migrate(DatabaseSettings settings, DatabaseAddress address) {
    of(settings, address).load().migrate();
  }

  /** The migrations of this version for a database. */
  static FluentConfiguration of(DatabaseSettings settings, DatabaseAddress address) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(address.url(), settings.user(), settings.password())
        .locations(
            address.h2()
                ? new String[] {"classpath:db/migration/common"}
                : new String[] {
                  "classpath:db/migration/common", "classpath:db/migration/postgresql"
                });
  }

  /** The deepest cause's first line: Flyway's own message is a page. */
  private static String reasonOf(Throwable t) {
    Throwable root = t;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }
}
