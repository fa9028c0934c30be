package chat.parley.stores.jdbc;

import io.vertx.core.json.JsonObject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL for all test classes; it ends with the JVM. */
final class PostgresServer {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static EmbeddedPostgres server;

  static {
    // The driver asserts that nobody cuts a connection while it reads a batch's answer.
    ClassLoader.getSystemClassLoader().setPackageAssertionStatus("org.postgresql", false);
  }

  private PostgresServer() {}

  static synchronized EmbeddedPostgres server() {
    if (server == null) {
      try {
        server =
            EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return server;
  }

  /** Settings of a new, empty database. */
  static JsonObject newDatabase() {
    String name = "parley" + DATABASES.incrementAndGet();
    execute("CREATE DATABASE " + name);
    return settings(server().getJdbcUrl("postgres", name));
  }

  static JsonObject settings(String url) {
    return new JsonObject().put("database", new JsonObject().put("url", url).put("deadline", "4s"));
  }

  static void execute(String sql) {
    try (Connection connection = server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
