package chat.parley.e2e.v1;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.RunningParley;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@RunningParley
class CorsTest {
  private static final String ORIGIN = "http://chat.example";

  private static List<String> list(HttpResponse<String> response, String header) {
    return response.headers().allValues(header).stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .map(value -> value.trim().toLowerCase(Locale.ROOT))
        .toList();
  }

  @Test
  void developmentAllowsAnyOrigin(Clients clients) {
    HttpResponse<String> answer =
        clients
            .http()
            .exchange(
                clients
                    .http()
                    .requestTo("/user/checkAuth")
                    .header("Origin", ORIGIN)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"authToken\":\"\"}")));
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
        .hasValueSatisfying(origin -> assertThat(origin).isIn("*", ORIGIN));
  }

  @Test
  void preflightIsAnsweredWithMethodsAndHeaders(Clients clients) {
    HttpResponse<String> answer =
        clients
            .http()
            .exchange(
                clients
                    .http()
                    .requestTo("/push/pushRoom")
                    .header("Origin", ORIGIN)
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "content-type")
                    .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
        .hasValueSatisfying(origin -> assertThat(origin).isIn("*", ORIGIN));
    assertThat(list(answer, "Access-Control-Allow-Methods"))
        .contains("get", "options", "post", "put", "delete");
    assertThat(list(answer, "Access-Control-Allow-Headers"))
        .contains("origin", "x-requested-with", "content-type", "accept");
  }

  @Test
  void plainOptionsAnswersTwoHundred(Clients clients) {
    HttpResponse<String> answer =
        clients
            .http()
            .exchange(
                clients.http().requestTo("/user/login").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"POST,/no/such/path", "GET,/user/login", "PUT,/push/push", "GET,/"})
  void unknownPathOrMethodAsksToCheckTheUrl(String method, String path, Clients clients) {
    HttpResponse<String> answer =
        clients
            .http()
            .exchange(clients.http().requestTo(path).method(method, BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Json.parse(answer.body()).path("code").asInt(-1)).isEqualTo(1);
    assertThat(Json.parse(answer.body()).path("message").asText())
        .isEqualTo("please check request url !");
  }
}
