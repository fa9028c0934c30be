package chat.parley.e2e.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;

/** A real PostgreSQL with a database {@code postgres} and a user of that name. */
public final class PostgresServer {
  private PostgresServer() {}

  /** The embedded one forgets commits by default, for speed; Parley refuses such a server. */
  public static EmbeddedPostgres start() throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("fsync", "on")
        .setServerConfig("full_page_writes", "on")
        .start();
  }
}
