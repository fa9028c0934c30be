package chat.parley.stores.jdbc;

import chat.parley.stores.DatabaseSettings;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** How a HikariCP pool is made. */
final class ConnectionPools {
  private ConnectionPools() {}

  /** Opens no connection yet, so it succeeds when the database is away. */
  static HikariDataSource open(DatabaseSettings settings, DatabaseAddress address) {
    long deadline = settings.deadline().toMillis();
    HikariConfig config = new HikariConfig();
    config.setPoolName("parley-db");
    config.setJdbcUrl(address.url());
    config.setMaximumPoolSize(settings.poolSize() + settings.directConnections());
    config.setMinimumIdle(1);
    config.setAutoCommit(false);
    config.setInitializationFailTimeout(-1);
    // A quarter, so that whoever waits behind a first who finds nobody there still hears why.
    config.setConnectionTimeout(Math.max(250, deadline / 4));
    config.setValidationTimeout(Math.max(250, deadline / 4));
    config.setIsolateInternalQueries(true);
    config.setExceptionOverride(new EvictWhenAway());
    Optional<DataSource> file = address.source(settings);
    if (file.isPresent()) {
      config.setDataSource(file.get());
    } else {
      config.setUsername(settings.user());
      config.setPassword(settings.password());
    }
    if (address.h2()) {
      config.setConnectionInitSql("SET QUERY_TIMEOUT " + deadline);
    } else {
      // The second for a process that is stopped in the middle of a transaction: what it has locked
      // must come free.
      config.setConnectionInitSql(
          "SET statement_timeout = %d; SET idle_in_transaction_session_timeout = %d"
              .formatted(deadline, deadline));
      String seconds = String.valueOf(deadline / 1000 + 1);
      config.addDataSourceProperty("reWriteBatchedInserts", "true");
      config.addDataSourceProperty("connectTimeout", seconds);
      // For a network that swallows everything: the server's own timeout does not reach us then.
      config.addDataSourceProperty("socketTimeout", seconds);
      config.addDataSourceProperty("tcpKeepAlive", "true");
      // Else the text of an error holds the parameters: names and messages.
      config.addDataSourceProperty("logServerErrorDetail", "false");
      config.addDataSourceProperty("ApplicationName", "parley");
    }
    return address.h2() ? new H2Pool(config) : new HikariDataSource(config);
  }

  /**
   * HikariCP does not know H2's states of a broken connection, and does not ask a connection that
   * was used in the last half second whether it works: it would hand out a broken one for ever.
   */
  private static final class EvictWhenAway implements SQLExceptionOverride {
    @java.lang.Override
    public Override adjudicate(SQLException e) {
      return SqlErrors.away(e) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
  }
}
