package chat.parley.stores.jdbc;

import chat.parley.settings.SettingsException;
import chat.parley.stores.DatabaseSettings;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * The JDBC address that is really opened: the configured one, with the options that the promises
 * hang on enforced.
 */
record DatabaseAddress(String url, boolean h2) {
  private static final String H2 = "jdbc:h2:";

  /** Two letters at least: one is a drive. */
  private static final Pattern SCHEME = Pattern.compile("([a-z0-9]{2,}):");

  private static final Set<String> OF_A_FILE = Set.of("file", JournaledPath.SCHEME);

  /** H2 listens on all interfaces for the other processes of the machine unless told not to. */
  private static final String BIND_ADDRESS = "h2.bindAddress";

  /**
   * A connection that breaks is one for its user to give up: H2 itself would open the file out of
   * turn, and say an interrupted statement once more.
   */
  private static final String RECONNECTS = "h2.maxReconnect";

  static DatabaseAddress of(DatabaseSettings settings, Path dataDir) {
    String url = settings.url();
    if (url == null) {
      Path file = dataDir.toAbsolutePath().normalize().resolve("db").resolve("parley");
      url = H2 + "file:" + file + ";AUTO_SERVER=TRUE";
    }
    if (!url.startsWith(H2)) {
      return new DatabaseAddress(url, false);
    }
    if (System.getProperty(BIND_ADDRESS) == null) {
      System.setProperty(BIND_ADDRESS, "127.0.0.1");
    }
    System.setProperty(RECONNECTS, "0");
    JournaledPath.register();
    DatabaseAddress given = new DatabaseAddress(H2Options.enforce(url), true);
    return given.file().map(given::journaled).orElse(given);
  }

  private DatabaseAddress journaled(Path file) {
    String options = url.substring(url.indexOf(';'));
    // What H2 says goes to whoever called, and not again to a file that could fill the disk.
    String quiet =
        options.toUpperCase(Locale.ROOT).contains("TRACE_LEVEL_FILE=") ? "" : ";TRACE_LEVEL_FILE=0";
    return new DatabaseAddress(H2 + JournaledPath.SCHEME + ":" + file + options + quiet, true);
  }

  /** The file behind an H2 address; empty when the database is in memory or in another process. */
  Optional<Path> file() {
    String path = url.substring(H2.length()).split(";")[0];
    String lower = path.toLowerCase(Locale.ROOT);
    if (!h2 || lower.startsWith("mem:") || lower.startsWith("tcp:") || lower.startsWith("ssl:")) {
      return Optional.empty();
    }
    Matcher scheme = SCHEME.matcher(lower);
    if (scheme.lookingAt()) {
      if (!OF_A_FILE.contains(scheme.group(1))) {
        throw new SettingsException(
            "database.url must name an H2 file as file:PATH, not with " + scheme.group());
      }
      path = path.substring(scheme.end());
    }
    if (path.startsWith("~")) {
      path = System.getProperty("user.home") + path.substring(1);
    }
    return Optional.of(Path.of(path).toAbsolutePath());
  }

  /** How connections to an H2 file are made; empty for all else, where the address says it. */
  Optional<DataSource> source(DatabaseSettings settings) {
    return file().map(file -> new H2FileSource(url, settings.user(), settings.password(), file));
  }

  /**
   * H2 writes what a commit touches behind the end of the file or where space has become free, and
   * takes space as free 45 s after it was written (RETENTION_TIME, left at its default). With
   * WRITE_DELAY=0 every commit is such a write, of some 20 KB when it is of one message: under load
   * the file is as large as what is kept and what 45 s of commits wrote, and stays at that. It
   * shrinks when the last connection closes, for at most MAX_COMPACT_TIME.
   */
  private static final class H2Options {
    /** Each with the only value that is right here. */
    private static final String[][] REQUIRED = {
      // By default H2 acknowledges a commit up to half a second before it writes it to the file.
      {"WRITE_DELAY", "0"},
      // For INSERT … ON CONFLICT DO NOTHING.
      {"MODE", "PostgreSQL"},
      {"DATABASE_TO_LOWER", "TRUE"},
    };

    static String enforce(String url) {
      StringBuilder enforced = new StringBuilder(url);
      for (String[] option : REQUIRED) {
        String given = valueOf(url, option[0]);
        if (given == null) {
          enforced.append(';').append(option[0]).append('=').append(option[1]);
        } else if (!given.equalsIgnoreCase(option[1])) {
          throw new SettingsException(
              "database.url must not set %s=%s: Parley needs %s=%s"
                  .formatted(option[0], given, option[0], option[1]));
        }
      }
      return enforced.toString();
    }

    private static String valueOf(String url, String option) {
      for (String part : url.split(";")) {
        String[] pair = part.split("=", 2);
        if (pair.length == 2 && pair[0].trim().equalsIgnoreCase(option)) {
          return pair[1].trim();
        }
      }
      return null;
    }
  }
}
