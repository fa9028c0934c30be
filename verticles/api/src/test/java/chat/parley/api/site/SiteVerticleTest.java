package chat.parley.api.site;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.settings.SettingsReader;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SiteVerticleTest {
  private static final String TITLE = "<title>Parley</title>";

  /** What a page or a module of ours asks for by itself. */
  private static final Pattern REFERENCE =
      Pattern.compile("(?:href|src)=\"(/[^\"]*)\"|from '([^']+)'");

  private static Vertx vertx;
  private static int port;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    JsonObject config =
        new JsonObject()
            .put("site", new JsonObject().put("port", port))
            .put("api", new JsonObject().put("port", 7171))
            .put("connect", new JsonObject().put("ws-port", 7172));
    vertx
        .deployVerticle(
            SiteVerticle.class.getName(), new DeploymentOptions().setConfig(config).setInstances(2))
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void everyFileThatThePageNeedsIsThere() throws Exception {
    Set<String> seen = new HashSet<>();
    Deque<String> toRead = new ArrayDeque<>(Set.of("/"));
    while (!toRead.isEmpty()) {
      String path = toRead.pop();
      if (!seen.add(path)) {
        continue;
      }
      HttpResponse<String> file = get(path);
      assertThat(file.statusCode()).as(path).isEqualTo(200);
      assertThat(file.body().contains(TITLE)).as(path + " is a file").isEqualTo(path.equals("/"));
      Matcher m = REFERENCE.matcher(path.startsWith("/lib/") ? "" : file.body());
      while (m.find()) {
        String next = m.group(1) == null ? m.group(2) : m.group(1);
        toRead.push(URI.create(path).resolve(next).toString());
      }
    }
    assertThat(seen).hasSizeGreaterThan(15).anyMatch(path -> path.startsWith("/lib/preact/"));
  }

  @Test
  void unknownPathIsThePageAndNothingOutsideOfTheSite() throws Exception {
    for (String path :
        List.of(
            "/room/7",
            "/js/none.js",
            "/lib/none",
            "/../pom.xml",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/README.md")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(200);
      assertThat(get(path).body()).as(path).contains(TITLE);
    }
  }

  @Test
  void pageAllowsNoInlineScriptAndOnlyItsOwnAddresses() throws Exception {
    String policy = get("/").headers().firstValue("Content-Security-Policy").orElseThrow();
    assertThat(policy)
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
        .contains("require-trusted-types-for 'script'", "trusted-types 'none'")
        .contains("http://127.0.0.1:7171 ", "ws://127.0.0.1:7172 ")
        .doesNotContain("unsafe");
  }

  @Test
  void everyAnswerCarriesTheHeadersThatKeepOtherPagesAway() throws Exception {
    Map<String, String> wanted =
        Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin");
    for (String path : List.of("/", "/js/main.js", "/config.json", "/no/such/file")) {
      HttpHeaders headers = get(path).headers();
      wanted.forEach((name, value) -> assertThat(headers.firstValue(name)).hasValue(value));
      // Only where TLS is spoken: over a plain port a browser would not take it.
      assertThat(headers.firstValue("Strict-Transport-Security")).isEmpty();
    }
  }

  @Test
  void noPageHasAScriptOrAStyleInIt() throws Exception {
    assertThat(get("/").body().toLowerCase(Locale.ROOT))
        .doesNotContain("<style", "style=", "javascript:")
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContainPattern("\\son[a-z]+\\s*=");
  }

  @Test
  void addressesOfTheServersAreTold() throws Exception {
    assertThat(new JsonObject(get("/config.json").body()))
        .isEqualTo(
            new JsonObject()
                .putNull("apiUrl")
                .putNull("wsUrl")
                .put("apiPort", 7171)
                .put("wsPort", 7172)
                .put("apiTls", false)
                .put("wsTls", false));
  }

  @Test
  void unchangedFileIsNotSentAgainAndAVersionedOneNotAskedFor() throws Exception {
    HttpResponse<String> first = get("/js/main.js");
    String etag = first.headers().firstValue("ETag").orElseThrow();
    HttpRequest again = request("/js/main.js").header("If-None-Match", etag).build();
    assertThat(CLIENT.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(304);
    assertThat(
            get("/lib/preact/10.27.0/dist/preact.module.js").headers().firstValue("Cache-Control"))
        .hasValueSatisfying(value -> assertThat(value).contains("immutable"));
  }

  @Test
  void nothingButReadingIsAllowed() throws Exception {
    HttpRequest post = request("/").POST(HttpRequest.BodyPublishers.ofString("x")).build();
    assertThat(CLIENT.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void hostThatIsNoneDoesNotReachThePolicy() {
    SiteAddresses addresses = new SiteAddresses(null, null, 1, 2, false, false);
    assertThat(addresses.connectSources("evil.example; script-src *")).isEqualTo("'self'");
    assertThat(addresses.connectSources(null)).isEqualTo("'self'");
    assertThat(
            new SiteAddresses("https://a.example/v1", "wss://w.example/ws", 1, 2, false, false)
                .connectSources("x"))
        .isEqualTo("'self' https://a.example wss://w.example");
  }

  @Test
  void portsThatSpeakTlsAreNamedWithItAlone() {
    SiteAddresses addresses = new SiteAddresses(null, null, 1, 2, true, true);
    assertThat(addresses.connectSources("x")).isEqualTo("'self' https://x:1 wss://x:2");
    assertThat(addresses.toJson().getBoolean("apiTls")).isTrue();
    assertThat(addresses.toJson().getBoolean("wsTls")).isTrue();
  }

  @Test
  void whetherPortsSpeakTlsIsReadFromTheirSections() {
    JsonObject tls = new JsonObject().put("tls-certificate", "/c.pem").put("tls-key", "/k.pem");
    JsonObject config = new JsonObject().put("api", tls);
    SiteAddresses addresses = SiteAddresses.of(settings(), config);
    assertThat(addresses.apiTls()).isTrue();
    assertThat(addresses.wsTls()).isFalse();
    assertThat(SiteAddresses.of(settings(), new JsonObject().put("connect", tls)).wsTls()).isTrue();
  }

  private static SiteSettings settings() {
    return SettingsReader.section(new JsonObject(), SiteSettings.SECTION, SiteSettings.class);
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(request(path).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }
}
