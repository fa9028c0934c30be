package chat.parley.e2e.cluster;

import chat.parley.e2e.support.Cluster;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresClusterTest {

  @Test
  void clusterOnPostgresKeepsItsPromisesWhenATaskProcessIsKilled() throws IOException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Cluster cluster =
            Cluster.on(
                Map.of(
                    "PARLEY_DATABASE_URL",
                    "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
                    "PARLEY_DATABASE_USER",
                    "postgres"));
        Talk talk = new Talk(cluster, 0)) {
      talk.load().awaitMore(200);
      cluster.member("task", 0).kill9();
      talk.load().awaitMore(200);
      talk.assertKeptAndHeardByAll();
    }
  }
}
