package chat.parley.stores.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;

/** Gives Vert.x's pool its {@link LeasedConnection}s. Never waits and never fails. */
final class LeasingDataSource extends PlainDataSource {
  private final HikariDataSource real;

  LeasingDataSource(HikariDataSource real) {
    this.real = real;
  }

  @Override
  public Connection getConnection() {
    return LeasedConnection.over(real, real.getJdbcUrl());
  }
}
