package chat.parley.e2e.cluster;

import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.PostgresServer;
import chat.parley.e2e.support.RedisServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresClusterTest {

  @Test
  void clusterOnPostgresKeepsItsPromisesWhenATaskProcessIsKilled() throws IOException {
    try (EmbeddedPostgres postgres = PostgresServer.start();
        RedisServer redis = new RedisServer(DataFolder.create());
        Cluster cluster = Cluster.on(settings(postgres, redis));
        Talk talk = new Talk(cluster, 0)) {
      talk.load().awaitMore(200);
      cluster.member("task", 0).kill9();
      talk.load().awaitMore(200);
      talk.assertKeptAndHeardByAll();
    }
  }

  private static Map<String, String> settings(EmbeddedPostgres postgres, RedisServer redis) {
    Map<String, String> settings = new HashMap<>(redis.asSettings());
    settings.put(
        "PARLEY_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres");
    settings.put("PARLEY_DATABASE_USER", "postgres");
    return settings;
  }
}
