package chat.parley.stores.jdbc;

import chat.parley.settings.SettingsException;
import chat.parley.stores.DatabaseSettings;
import chat.parley.stores.FileMutex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings a database to the schema of this version, once per process and database. Blocking. */
final class Migrations {
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
      throw new SettingsException("the database cannot be used: " + SqlErrors.reasonOf(e), e);
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
    try (FileMutex alone = FileMutex.take(lockFile, Takeover.PATIENCE).orElse(null)) {
      if (alone == null) {
        throw new SettingsException(
            "the database cannot be used: another process has held " + lockFile + " for too long");
      }
      Takeover.await(() -> migrate(settings, address));
    }
  }

  private static Void migrate(DatabaseSettings settings, DatabaseAddress address) {
    of(settings, address).load().migrate();
    return null;
  }

  /** The migrations of this version for a database. */
  static FluentConfiguration of(DatabaseSettings settings, DatabaseAddress address) {
    FluentConfiguration flyway = Flyway.configure(Migrations.class.getClassLoader());
    address
        .source(settings)
        .ifPresentOrElse(
            flyway::dataSource,
            () -> flyway.dataSource(address.url(), settings.user(), settings.password()));
    return flyway.locations(
        address.h2()
            ? new String[] {"classpath:db/migration/common"}
            : new String[] {"classpath:db/migration/common", "classpath:db/migration/postgresql"});
  }
}
