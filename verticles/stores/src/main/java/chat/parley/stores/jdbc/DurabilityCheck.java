package chat.parley.stores.jdbc;

import chat.parley.settings.SettingsException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Refuses a database that is set to lose what it has acknowledged. Blocking. */
final class DurabilityCheck {
  private DurabilityCheck() {}

  /**
   * @throws SettingsException in one sentence that names the setting
   */
  static void run(Connection connection, boolean h2) throws SQLException {
    if (h2) {
      String delay =
          ask(
              connection,
              "SELECT setting_value FROM information_schema.settings"
                  + " WHERE setting_name = 'WRITE_DELAY'");
      refuseUnless("0".equals(delay), "H2", "WRITE_DELAY", delay, "0");
      return;
    }
    String commit = ask(connection, "SHOW synchronous_commit");
    refuseUnless(!"off".equals(commit), "PostgreSQL", "synchronous_commit", commit, "on");
    String fsync = ask(connection, "SHOW fsync");
    refuseUnless("on".equals(fsync), "PostgreSQL", "fsync", fsync, "on");
  }

  private static void refuseUnless(
      boolean safe, String database, String setting, String value, String wanted) {
    if (!safe) {
      throw new SettingsException(
          "%s would lose acknowledged messages: its %s is %s and must be %s"
              .formatted(database, setting, value, wanted));
    }
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : "unknown";
    }
  }
}
