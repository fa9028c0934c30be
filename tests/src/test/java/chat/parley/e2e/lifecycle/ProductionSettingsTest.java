package chat.parley.e2e.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.PostgresServer;
import chat.parley.e2e.support.RedisServer;
import chat.parley.e2e.support.Secrets;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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

  private static final String SECRET = Secrets.remember("the management's own secret");

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
            .with("PARLEY_MANAGEMENT_SECRET", SECRET)
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
  void onlyWhoBringsTheSecretSeesTheNodes() {
    assertThat(nodes("Bearer " + SECRET)).isEqualTo(200);
    assertThat(nodes("Bearer " + SECRET.substring(1))).isEqualTo(403);
    assertThat(nodes("Basic x")).isEqualTo(403);
  }

  private static int nodes(String authorization) {
    URI nodes = URI.create("http://127.0.0.1:" + parley.endpoints().management() + "/nodes");
    return clients
        .http()
        .exchange(HttpRequest.newBuilder(nodes).header("Authorization", authorization))
        .statusCode();
  }

  @Test
  void pagesOfTheNamedOriginMayCallAndConnect() throws IOException {
    assertThat(allowedOrigin(OURS)).isEqualTo(OURS);
    assertThat(upgrade("Origin: " + OURS)).startsWith("HTTP/1.1 101 ");
    // What is no browser sends none.
    assertThat(upgrade("X: y")).startsWith("HTTP/1.1 101 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://chat.example.org",
        "https://chat.example.org:8443",
        "https://chat.example.org.evil.example",
        "https://evilchat.example.org",
        "https://sub.chat.example.org",
        "https://chat.example.org/",
        "https://chat.example.org https://evil.example",
        "file://",
        "*",
        "null"
      })
  void pagesOfOtherOriginsMayNeitherCallNorConnect(String origin) throws IOException {
    assertThat(allowedOrigin(origin)).isEqualTo("none");
    assertThat(preflight(origin)).isEqualTo("none");
    assertThat(upgrade("Origin: " + origin)).startsWith("HTTP/1.1 403 ");
    assertThat(upgrade("Origin: " + origin, "Sec-WebSocket-Protocol: parley.v2.json"))
        .startsWith("HTTP/1.1 403 ");
  }

  /** First line of the answer to a WebSocket handshake. */
  private static String upgrade(String... headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", parley.endpoints().ws())) {
      socket.setSoTimeout(15_000);
      String request =
          "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + String.join("\r\n", headers)
              + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }

  private static String preflight(String origin) {
    return clients
        .http()
        .exchange(
            clients
                .http()
                .requestTo("/api/v2/messages")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()))
        .headers()
        .firstValue("Access-Control-Allow-Origin")
        .orElse("none");
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
