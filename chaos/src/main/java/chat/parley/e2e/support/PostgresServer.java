package chat.parley.e2e.support;

import chat.parley.chaos.ports.Ports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;

/** A real PostgreSQL with a database {@code postgres} and a user of that name. */
public final class PostgresServer {
  private PostgresServer() {}

  /** On a folder that goes when it is closed. */
  public static EmbeddedPostgres start() throws IOException {
    return durable(EmbeddedPostgres.builder()).start();
  }

  /** On a folder of the caller's, which stays. */
  public static EmbeddedPostgres start(Path folder) throws IOException {
    return durable(EmbeddedPostgres.builder())
        .setDataDirectory(folder)
        .setCleanDataDirectory(false)
        .setPort(Ports.free())
        .start();
  }

  /** The embedded one forgets commits by default, for speed; Parley refuses such a server. */
  private static EmbeddedPostgres.Builder durable(EmbeddedPostgres.Builder builder) {
    return builder
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("fsync", "on")
        .setServerConfig("full_page_writes", "on");
  }
}
