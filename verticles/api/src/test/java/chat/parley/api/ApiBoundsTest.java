package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

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
