package chat.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Logs in and registers by HTTP, at one node's address after the other. */
final class Accounts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final List<URI> addresses;
  private final Duration within;
  private int next;

  Accounts(HttpClient http, List<URI> addresses, Duration within) {
    this.http = http;
    this.addresses = addresses;
    this.within = within;
  }

  /** The device with this id, or a new one for 0. Fails with a {@link ParleyException}. */
  CompletableFuture<Login> login(Credentials credentials, long deviceId, String deviceName) {
    return post("/api/v2/login", credentials, deviceId, deviceName);
  }

  CompletableFuture<Login> register(Credentials credentials, String deviceName) {
    return post("/api/v2/register", credentials, 0, deviceName);
  }

  private CompletableFuture<Login> post(
      String path, Credentials credentials, long deviceId, String deviceName) {
    ObjectNode body = JSON.createObjectNode();
    body.put("userName", credentials.userName()).put("password", credentials.password());
    ObjectNode device = body.putObject("device").put("name", deviceName);
    if (deviceId != 0) {
      device.put("id", String.valueOf(deviceId));
    }
    URI address = addresses.get(Math.floorMod(next, addresses.size()));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address.toString().replaceAll("/+$", "") + path))
            .timeout(within)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handle(
            (response, failure) -> {
              if (failure != null) {
                next++;
                throw unreachable(address, failure);
              }
              if (response.statusCode() >= 500) {
                next++;
              }
              return login(address, response);
            });
  }

  private static ParleyException unreachable(URI address, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return new ParleyException(
        "UNAVAILABLE", address + " cannot be reached: " + cause, true, Duration.ZERO, cause);
  }

  private static Login login(URI address, HttpResponse<String> response) {
    JsonNode body;
    try {
      body = JSON.readTree(response.body());
    } catch (IOException e) {
      body = JSON.createObjectNode();
    }
    int status = response.statusCode();
    if (status >= 300) {
      String text = body.path("detail").asText(body.path("title").asText());
      throw new ParleyException(
          body.path("code").asText(status >= 500 ? "UNAVAILABLE" : "BAD_REQUEST"),
          text.isEmpty() ? address + " answers " + status : text,
          body.path("retryable").asBoolean(status >= 500 || status == 429),
          Duration.ofMillis(Math.max(0, body.path("retryAfterMs").asLong())),
          null);
    }
    if (!body.hasNonNull("token")) {
      throw new ParleyException("UNAVAILABLE", address + " answers without a token", true);
    }
    return new Login(
        body.get("token").asText(),
        body.path("userId").asLong(),
        body.path("userName").asText(),
        body.path("deviceId").asLong());
  }

  /** A name and its password. */
  record Credentials(String userName, String password) {
    @Override
    public String toString() {
      return "Credentials[" + userName + "]";
    }
  }
}
