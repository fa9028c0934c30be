package chat.parley.e2e.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.PostgresServer;
import chat.parley.e2e.support.RedisServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductionSettingsTest {
  private static final String OURS = "https://chat.example.org";

  private static EmbeddedPostgres postgres;
  private static RedisServer redis;
  private static ParleyProcess parley;
  private static Clients clients;

  /** All of conf/prod.yaml but its addresses. */
  @BeforeAll
  static void start() throws IOException {
    Path data = DataFolder.create();
    postgres = PostgresServer.start();
    redis = new RedisServer(data);
    Map<String, String> loopback =
        Stream.of("API", "CONNECT", "SITE", "MANAGEMENT")
            .collect(Collectors.toMap(name -> "PARLEY_" + name + "_HOST", name -> "127.0.0.1"));
    parley =
        ParleyProcess.command("up-prod", "up", "--no-cluster", "--conf", "conf/prod.yaml")
            .with("PARLEY_DATA", data.toString())
            .with("PARLEY_API_CORS_ORIGINS", OURS)
            .with(
                "PARLEY_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres")
            .with("PARLEY_DATABASE_USER", "postgres")
            .with(redis.asSettings())
            .with(loopback)
            .start();
    clients = new Clients(parley.endpoints());
  }

  @AfterAll
  static void stop() throws IOException {
    clients.close();
    parley.close();
    redis.close();
    postgres.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "test", "admin", "demo1", "demo2", "demo3"})
  void noDevelopmentAccountExists(String name) {
    assertThat(clients.http().login(name, "111111").message())
        .isEqualTo("no this user or password error!");
  }

  @Test
  void onlyNamedOriginsAreAllowed() {
    assertThat(allowedOrigin(OURS)).isEqualTo(OURS);
    assertThat(allowedOrigin("https://evil.example")).isNotIn("*", "https://evil.example");
  }

  private static String allowedOrigin(String origin) {
    HttpResponse<String> answer =
        clients
            .http()
            .exchange(
                clients
                    .http()
                    .requestTo("/user/checkAuth")
                    .header("Origin", origin)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"authToken\":\"\"}")));
    return answer.headers().firstValue("Access-Control-Allow-Origin").orElse("none");
  }
}
