package chat.parley.stores;

import chat.parley.settings.SettingsException;
import java.time.Duration;

/**
 * Where accounts and messages are kept. Section {@code database}.
 *
 * @param url JDBC address of H2 or PostgreSQL; null: an H2 file under the data folder, which
 *     several processes of one machine can open
 * @param user null when the address says it
 * @param password null when there is none
 * @param poolSize connections of one verticle instance, beside {@link #directConnections()}
 * @param deadline of one statement
 */
public record DatabaseSettings(
    String url, String user, String password, int poolSize, Duration deadline) {
  public DatabaseSettings {
    poolSize = poolSize == 0 ? 4 : poolSize;
    deadline = deadline == null ? Duration.ofSeconds(5) : deadline;
    if (poolSize < 1 || poolSize > 100) {
      throw new SettingsException("database.pool-size must be 1 to 100, not " + poolSize);
    }
    if (url != null && !url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:postgresql:")) {
      throw new SettingsException(
          "database.url must start with jdbc:h2: or jdbc:postgresql:, not with "
              + url.split("//")[0]);
    }
  }

  /** Connections for what carries many messages; half as many as the others. */
  public int directConnections() {
    return (poolSize + 1) / 2;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "DatabaseSettings[" + (url == null ? "h2 file" : url.split("\\?")[0]) + "]";
  }
}
