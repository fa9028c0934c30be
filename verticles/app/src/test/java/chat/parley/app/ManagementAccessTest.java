package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ProtoCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The management port does for each caller what docs/access.md says, at every path. */
class ManagementAccessTest {
  private static final String SECRET = "of sixteen characters or more";
  private static final String HEADING = "## Management port";

  private static Vertx vertx;
  private static HttpClient client;
  private static ManagementServer someServer;
  private static final Map<String, Integer> PORTS = new HashMap<>();

  /** One for each way in which the port can be set up. */
  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    ProtoCodec.install(vertx);
    client = vertx.createHttpClient();
    PORTS.put("on loopback", listen("127.0.0.1", null));
    PORTS.put("open", listen("0.0.0.0", null));
    PORTS.put("secret set", listen("0.0.0.0", SECRET));
  }

  @AfterAll
  static void stop() {
    await(vertx.close());
  }

  private static int listen(String host, String secret) {
    ManagementSettings settings =
        new ManagementSettings(host, 0, secret, Duration.ofSeconds(1), null, null);
    Deployments none =
        new Deployments(
            vertx,
            new io.vertx.core.DeploymentOptions(),
            new JsonObject(),
            settings.drainDeadline());
    Readiness readiness = new Readiness(vertx, none);
    readiness.started();
    NodeDirectory nodes = new NodeDirectory(vertx);
    someServer =
        new ManagementServer(
            vertx, settings, readiness, nodes, new Scaler(nodes, settings.drainDeadline()));
    await(new NodeControl(vertx, nodes.self(), nodes.selfHost(), none).register().otherwiseEmpty());
    return await(someServer.listen(false));
  }

  @Test
  void everyCellOfThePageHolds() throws IOException {
    List<List<String>> table = table();
    List<String> callers = table.get(0);
    List<List<String>> seen = new ArrayList<>(List.of(callers));
    for (List<String> row : table.subList(1, table.size())) {
      List<String> outcomes = new ArrayList<>(List.of(row.get(0)));
      callers.stream().skip(1).forEach(caller -> outcomes.add(outcome(row.get(0), caller)));
      seen.add(outcomes);
    }
    assertThat(seen).isEqualTo(table);
  }

  @Test
  void everyPathThatThereIsHasItsRow() throws IOException {
    Set<String> rows = new LinkedHashSet<>();
    table().stream().skip(1).forEach(row -> rows.add(row.get(0).replace("`", "")));
    assertThat(rows).isEqualTo(someServer.routes());
  }

  /** DNS rebinding: a page's own name made to mean this machine, so that it sends no origin. */
  @Test
  void pageWhoseNameWasMadeToMeanLoopbackReadsNothing() {
    assertThat(status("GET /nodes", "on loopback", Map.of("host", "evil.example:9090")))
        .isEqualTo(403);
    assertThat(status("GET /nodes", "on loopback", Map.of("host", "localhost:9090")))
        .isEqualTo(200);
  }

  private static String outcome(String row, String caller) {
    Map<String, String> headers = new HashMap<>();
    if (caller.contains("with it")) {
      headers.put("authorization", "Bearer " + SECRET);
    }
    if (caller.contains("wrong")) {
      headers.put("authorization", "Bearer " + SECRET + "!");
    }
    if (caller.contains("from a page")) {
      headers.put("origin", "https://evil.example");
    }
    String port = PORTS.containsKey(caller) ? caller : "secret set";
    int status = status(row.replace("`", ""), port, headers);
    // Nothing can be scaled here: who may ask hears that there is no such verticle.
    return status == 200 || (row.contains("/scale") && status == 404) ? "yes" : named(status);
  }

  private static String named(int status) {
    return status == 403 ? "FORBIDDEN" : "status " + status;
  }

  private static int status(String route, String port, Map<String, String> headers) {
    String[] parts = route.split(" ");
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(PORTS.get(port))
            .setMethod(HttpMethod.valueOf(parts[0]))
            .setURI(parts[1]);
    return await(
        client
            .request(options)
            .compose(
                (HttpClientRequest request) -> {
                  request.putHeader("content-type", "application/json");
                  headers.forEach(request::putHeader);
                  return request.send(
                      parts[0].equals("POST") ? Buffer.buffer("{}") : Buffer.buffer());
                })
            .map(HttpClientResponse::statusCode));
  }

  private static List<List<String>> table() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    Files.readString(Path.of("../../docs/access.md"))
        .lines()
        .dropWhile(line -> !line.equals(HEADING))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("|") && !line.startsWith("|--"))
        .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ")))
        .forEach(rows::add);
    assertThat(rows).hasSizeGreaterThan(2);
    return rows;
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
