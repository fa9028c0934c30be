package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiBoundsTest {
  @Test
  void takenPortIsNamedWithItsSetting() {
    try (ApiUnderTest api = new ApiUnderTest(new JsonObject())) {
      // Instances of one Vert.x share a port; another process does not.
      try (ApiUnderTest other = new ApiUnderTest(new JsonObject())) {
        JsonObject config = new JsonObject().put("api", new JsonObject().put("port", api.port));
        assertThatThrownBy(
                () ->
                    ApiUnderTest.await(
                        other.vertx.deployVerticle(
                            ApiVerticle.class.getName(),
                            new DeploymentOptions().setConfig(config))))
            .hasMessageContaining(
                "cannot listen on 127.0.0.1:"
                    + api.port
                    + ": the port is taken (setting api.port)");
      }
    }
  }

  @Test
  void onlyNamedOriginsMayCall() {
    JsonArray origins = new JsonArray().add("https://chat.example.org");
    try (ApiUnderTest api = withSettings(new JsonObject().put("cors-origins", origins))) {
      HttpResponse<String> named = callFrom(api, "https://chat.example.org");
      assertThat(named.headers().firstValue("Access-Control-Allow-Origin"))
          .hasValue("https://chat.example.org");
      assertThat(named.headers().firstValue("Vary"))
          .hasValueSatisfying(vary -> assertThat(vary).isEqualToIgnoringCase("origin"));
      assertThat(callFrom(api, "https://evil.example").headers().map())
          .doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void bodyThatNeverEndsIsAnsweredAndItsConnectionClosed() throws IOException {
    try (ApiUnderTest api = withSettings(new JsonObject().put("deadline", "300ms"))) {
      String answer =
          RawHttp.talk(
              api, "POST /user/login HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{\"user");
      assertThat(answer).contains("\"message\":\"the request took too long to arrive\"");
    }
  }

  @Test
  void headThatNeverEndsIsClosed() throws IOException {
    try (ApiUnderTest api = withSettings(new JsonObject().put("idle-timeout", "300ms"))) {
      assertThat(RawHttp.talk(api, "POST /user/login HTTP/1.1\r\nHost: x\r\nX-Slow: ")).isEmpty();
    }
  }

  @Test
  void silentConnectionIsClosed() throws IOException {
    try (ApiUnderTest api = withSettings(new JsonObject().put("idle-timeout", "300ms"))) {
      assertThat(RawHttp.talk(api, "")).isEmpty();
    }
  }

  @Test
  void largeBodiesTogetherHaveABoundAndSmallOnesComeThrough() throws Exception {
    JsonObject small = new JsonObject().put("max-body", 16_384).put("max-bodies", 16_384);
    try (ApiUnderTest api = withSettings(small);
        LogicPeer logic =
            LogicPeer.failing(
                api,
                Addresses.LOGOUT,
                new ChatError(ErrorCode.UNAUTHENTICATED, "not known here"))) {
      String large = "{\"authToken\":\"" + "t".repeat(10_000) + "\"}";
      try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
        String half =
            "POST /user/logout HTTP/1.1\r\nHost: x\r\nContent-Length: 12000\r\n\r\n" + large;
        slow.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
        Await.until(() -> message(api, large).contains("too many large requests at once"));
        assertThat(message(api, "{\"authToken\":\"t\"}")).isEqualTo("Session error");
      }
      Await.until(() -> message(api, large).equals("Session error"));
      assertThat(logic.wasAsked()).isTrue();
    }
  }

  private static String message(ApiUnderTest api, String body) {
    return api.post("/user/logout", BodyPublishers.ofString(body)).getString("message");
  }

  @Test
  void compressedBodiesAreRefusedByName() {
    try (ApiUnderTest api = new ApiUnderTest(new JsonObject())) {
      for (String path : new String[] {"/user/logout", "/api/v2/login"}) {
        HttpResponse<String> answer =
            api.send(
                api.request(path)
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofByteArray(new byte[100])));
        assertThat(answer.body()).contains("without Content-Encoding");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 0",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked"
      })
  void requestWithTwoEndsIsRefusedAndNothingBehindItIsRead(String headers) throws IOException {
    try (ApiUnderTest api = new ApiUnderTest(new JsonObject())) {
      String answer =
          RawHttp.talk(
              api,
              "POST /user/logout HTTP/1.1\r\nHost: x\r\n"
                  + headers
                  + "\r\n\r\n0\r\n\r\nPOST /user/logout HTTP/1.1\r\nHost: x\r\n"
                  + "Content-Length: 2\r\n\r\n{}");
      assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.");
    }
  }

  @Test
  void requestUnderWayIsAnsweredWhenTheVerticleStops() throws Exception {
    try (ApiUnderTest api = withSettings(new JsonObject().put("deadline", "1s"))) {
      // Nobody serves it, so it stays under way until its deadline.
      CompletableFuture<JsonObject> answer =
          CompletableFuture.supplyAsync(
              () -> api.post("/user/logout", new JsonObject().put("authToken", "t")));
      ApiUnderTest.await(api.vertx.timer(200).compose(t -> api.vertx.undeploy(api.deployment)));
      assertThat(answer.get().getString("message")).contains("please try again");
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), api.port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  private static ApiUnderTest withSettings(JsonObject api) {
    return new ApiUnderTest(new JsonObject().put("api", api));
  }

  private static HttpResponse<String> callFrom(ApiUnderTest api, String origin) {
    return api.send(
        api.request("/user/logout").header("Origin", origin).POST(BodyPublishers.ofString("{}")));
  }
}
