package chat.parley.stores.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ChatError;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;

class SqlErrorsTest {

  @Test
  void connectionThatOnlyCameTooLateIsWorthAnotherTryAtTheStart() {
    assertThat(SqlErrors.atOpening(new SQLTransientConnectionException("timed out")).retryable())
        .isTrue();
    assertThat(SqlErrors.atOpening(new SQLException("wrong password", "28P01")).retryable())
        .isFalse();
  }

  /** The words of H2 2.3.232 to the one whose write it was, and to another process. */
  @Test
  void databaseFileThatCannotBeWrittenIsWorthAnotherTry() {
    String written = "MVStoreException: Writing to file parley:/d/parley.mv.db failed [2.3.232/2]";
    String corrupt = "MVStoreException: File corrupted [2.3.232/6]";
    assertThat(errorOf("General error: \"org.h2.mvstore." + written + "\" [50000-232]").retryable())
        .isTrue();
    assertThat(errorOf("General error: \"org.h2.mvstore." + corrupt + "\" [50000-232]").retryable())
        .isFalse();
  }

  private static ChatError errorOf(String message) {
    return SqlErrors.of(new SQLException(message, "HY000", 50_000));
  }
}
