package chat.parley.stores.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A pool of connections to an H2 file. When it cannot connect, all pools of this process let go of
 * their connections to that file.
 *
 * <p>After an error of the disk H2 opens the file again for the next one who comes. But whoever
 * uses or closes a connection of before then makes H2 forget by its name the database that is open
 * now: the connections to that one work on, and nobody gets a new one, because the file is locked
 * by it. It is closed with the last of them.
 */
final class H2Pool extends HikariDataSource {
  private static final Set<H2Pool> OPEN = ConcurrentHashMap.newKeySet();
  private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();
  private static final AtomicLong LAST = new AtomicLong(System.nanoTime() - REST_NANOS);

  H2Pool(HikariConfig config) {
    super(config);
    OPEN.add(this);
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      return super.getConnection();
    } catch (SQLException e) {
      // Without a cause the connections that there are were busy.
      if (e.getCause() != null) {
        letGoOfTheFile();
      }
      throw e;
    }
  }

  private void letGoOfTheFile() {
    long last = LAST.get();
    long now = System.nanoTime();
    if (now - last < REST_NANOS || !LAST.compareAndSet(last, now)) {
      return;
    }
    for (H2Pool pool : OPEN) {
      HikariPoolMXBean connections = pool.getHikariPoolMXBean();
      if (connections != null && pool.getJdbcUrl().equals(getJdbcUrl())) {
        connections.softEvictConnections();
      }
    }
  }

  @Override
  public void close() {
    OPEN.remove(this);
    super.close();
  }
}
