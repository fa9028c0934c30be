package chat.parley.stores.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

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
}
