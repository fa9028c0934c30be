package chat.parley.api;

import chat.parley.bus.ProtoCodec;
import chat.parley.chaos.ports.Ports;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An ApiVerticle on a free port of loopback, and a plain HTTP client for it. */
final class ApiUnderTest implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  final int port;
  final String deployment;

  private final HttpClient client = HttpClient.newBuilder().build();

  ApiUnderTest(JsonObject settings) {
    ProtoCodec.install(vertx);
    port = Ports.free();
    JsonObject config = settings.copy();
    JsonObject api = config.getJsonObject("api", new JsonObject());
    config.put("api", api.put("port", port));
    deployment =
        await(
            vertx.deployVerticle(
                ApiVerticle.class.getName(), new DeploymentOptions().setConfig(config)));
  }

  JsonObject post(String path, JsonObject body) {
    return post(path, BodyPublishers.ofString(body.encode()));
  }

  JsonObject post(String path, HttpRequest.BodyPublisher body) {
    return new JsonObject(send(request(path).POST(body)).body());
  }

  HttpRequest.Builder request(String path) {
    return bareRequest(path).header("Content-Type", "application/json");
  }

  /** Without any header of its own. */
  HttpRequest.Builder bareRequest(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  /** Calls v2; token and body may be null. */
  HttpResponse<String> v2(String method, String path, String token, JsonObject body) {
    HttpRequest.Builder request = body == null ? bareRequest(path) : request(path);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return send(
        request.method(
            method,
            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode())));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e.getCause() == null ? e : e.getCause());
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
