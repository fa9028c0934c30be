package chat.parley.e2e.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.ParleyProcess;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductionSettingsTest {
  private static final String OURS = "https://chat.example.org";

  private static ParleyProcess parley;
  private static Clients clients;

  @BeforeAll
  static void start() {
    parley =
        ParleyProcess.command(
                "up-prod",
                "up",
                "--conf",
                "conf/prod.yaml",
                "--data",
                DataFolder.create().toString())
            .with("PARLEY_API_CORS_ORIGINS", OURS)
            .start();
    clients = new Clients(parley.endpoints());
  }

  @AfterAll
  static void stop() {
    clients.close();
    parley.close();
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
