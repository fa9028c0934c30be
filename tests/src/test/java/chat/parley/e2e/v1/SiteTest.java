package chat.parley.e2e.v1;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.RunningParley;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RunningParley
class SiteTest {

  private static HttpResponse<String> get(Clients clients, String path) {
    return clients
        .http()
        .exchange(HttpRequest.newBuilder(clients.endpoints().siteAddress().resolve(path)));
  }

  @Test
  void servesThePage(Clients clients) {
    HttpResponse<String> page = get(clients, "/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(page.body()).containsIgnoringCase("<!doctype html>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/login", "/rooms/1", "/no/such/path"})
  void unknownPathAnswersThePageToo(String path, Clients clients) {
    HttpResponse<String> page = get(clients, path);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).isEqualTo(get(clients, "/").body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%5c..%5c..%5cetc%5cpasswd"
      })
  void nothingOutsideItsFolderIsServed(String path, Clients clients) {
    assertThat(get(clients, path).body()).doesNotContain("root:");
  }
}
