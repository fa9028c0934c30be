package chat.parley.app;

import chat.parley.settings.SettingsReader;
import chat.parley.settings.Tls;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The commands that ask a running process, through its management port. */
final class ManagementClient {
  private static final List<String> OPTIONS = List.of("host", "port", "conf", "data");

  private static final String ROW = "%-36s  %-15s  %7s  %-8s  %-44s  %11s  %10s  %9s%n";

  private final URI base;
  private final ManagementSettings settings;

  private ManagementClient(Arguments arguments) {
    JsonObject config =
        Settings.load(
            arguments.value("conf").orElse(null),
            System.getenv(),
            arguments.value("data").orElse(null));
    this.settings = SettingsReader.section(config, "management", ManagementSettings.class);
    String host = arguments.value("host").orElse(settings.host());
    int port = arguments.number("port").orElse(settings.port());
    String scheme = settings.tls().enabled() ? "https://" : "http://";
    this.base = URI.create(scheme + host + ":" + port);
  }

  /** Prints a table of the cluster's nodes. */
  static void nodes(List<String> args) {
    Arguments arguments = Arguments.parse("nodes", args, List.of("json"), OPTIONS);
    if (!arguments.words().isEmpty()) {
      throw StartFailure.usage("nodes takes no further word");
    }
    JsonObject answer = new ManagementClient(arguments).ask("GET", "/nodes", null);
    System.out.print(arguments.has("json") ? answer.encode() + "\n" : table(answer));
  }

  /** Changes the number of instances of a verticle and prints what came of it. */
  static void scale(List<String> args) {
    List<String> valued = new java.util.ArrayList<>(OPTIONS);
    valued.add("node");
    Arguments arguments = Arguments.parse("scale", args, List.of(), valued);
    if (arguments.words().size() != 2) {
      throw StartFailure.usage("scale needs a verticle and a number: scale connect 3");
    }
    JsonObject wanted =
        new JsonObject()
            .put("verticle", Layer.named(arguments.words().get(0)).shortName())
            .put("instances", Arguments.number("instances", arguments.words().get(1)));
    arguments.value("node").ifPresent(node -> wanted.put("node", node));
    JsonObject answer = new ManagementClient(arguments).ask("POST", "/scale", wanted);
    JsonArray scaled = answer.getJsonArray("scaled");
    for (int i = 0; i < scaled.size(); i++) {
      JsonObject node = scaled.getJsonObject(i);
      System.out.printf(
          "%s  %s: %d -> %d%n",
          node.getString("node"),
          wanted.getString("verticle"),
          node.getInteger("before"),
          node.getInteger("after"));
    }
  }

  private JsonObject ask(String method, String path, JsonObject body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofMinutes(10))
            .header("content-type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.encode()));
    if (settings.secret() != null) {
      request.header("authorization", "Bearer " + settings.secret());
    }
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
    if (settings.tls().enabled()) {
      client.sslContext(Tls.trusting(settings.tls()));
    }
    try {
      return answer(client.build().send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw StartFailure.environment(
          "nobody answers on the management port at "
              + base
              + "; is Parley running there? (--host, --port)",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StartFailure.environment("interrupted", e);
    }
  }

  private JsonObject answer(HttpResponse<String> response) {
    JsonObject answer;
    try {
      answer = new JsonObject(response.body());
    } catch (DecodeException e) {
      throw StartFailure.environment("what answers at " + base + " is not Parley", e);
    }
    if (response.statusCode() != 200) {
      throw StartFailure.environment(answer.getString("error", "refused"));
    }
    return answer;
  }

  private static String table(JsonObject answer) {
    StringBuilder table =
        new StringBuilder(
            String.format(
                ROW,
                "NODE",
                "HOST",
                "PID",
                "STATE",
                "VERTICLES",
                "CONNECTIONS",
                "PARTITIONS",
                "UPTIME"));
    JsonArray nodes = answer.getJsonArray("nodes");
    for (int i = 0; i < nodes.size(); i++) {
      JsonObject node = nodes.getJsonObject(i);
      String verticles =
          node.getJsonObject("verticles").stream()
              .map(verticle -> verticle.getKey() + ":" + verticle.getValue())
              .collect(Collectors.joining(" "));
      table.append(
          String.format(
              ROW,
              node.getString("node"),
              node.getString("host"),
              node.getLong("pid"),
              node.getString("state", ""),
              verticles,
              node.getInteger("connections"),
              node.getInteger("partitions"),
              uptime(Duration.ofMillis(node.getLong("uptimeMs")))));
    }
    answer.getJsonArray("silent").forEach(node -> table.append(node).append("  no answer\n"));
    return table.toString();
  }

  private static String uptime(Duration uptime) {
    return uptime.toHours() > 0
        ? uptime.toHours() + "h" + uptime.toMinutesPart() + "m"
        : uptime.toMinutes() + "m" + uptime.toSecondsPart() + "s";
  }
}
