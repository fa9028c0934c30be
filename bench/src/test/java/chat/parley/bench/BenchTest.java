package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command: what it refuses, and a whole run against the yardstick, which fans out as well. */
class BenchTest {
  private final PrintStream usual = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @TempDir Path folder;

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(said, true));
  }

  @AfterEach
  void leave() {
    System.setErr(usual);
  }

  private void refuses(String because, String... arguments) {
    said.reset();
    assertThat(Bench.run(arguments)).isEqualTo(2);
    assertThat(said.toString()).contains(because).contains("--help").doesNotContain("\tat ");
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    refuses("--members must be 1 to", "group", "--members", "0");
    refuses("--rate must be", "rooms", "--rate", "-1");
    refuses("--seconds must be", "direct", "--seconds", "0");
    refuses("--in-flight must be 1 to 256", "accept", "--in-flight", "257");
    refuses("v1-tcp gives none", "accept", "--wire", "v1-tcp");
    refuses("v1-tcp gives none", "overload", "--wire", "v1-tcp");
    refuses("--factor must be", "overload", "--factor", "0");
    refuses("--stalled must be 0 to 2", "group", "--members", "10", "--stalled", "3");
    refuses("v2 has and v1 has not", "sync", "--wire", "v1-ws");
    refuses("yardstick can do group and rooms", "direct", "--yardstick");
    refuses("wire", "group", "--wire", "v3");
    refuses("--members must be 1 to", "growth", "--members", "10,0");
    refuses("--deliveries must be", "growth", "--deliveries", "0");
    refuses("nonsense", "nonsense");
    refuses("is no address", "group", "--api", "somewhere");
    refuses("does not speak TLS", "group", "--ws", "wss://127.0.0.1:7000/ws");
  }

  @Test
  void anotherMachineIsLeftAloneUnlessItIsAskedFor() {
    refuses("--allow-remote", "group", "--api", "http://192.0.2.1:7070");
    refuses("--allow-remote", "group", "--ws", "ws://127.0.0.1:7000/ws,ws://192.0.2.1:7000/ws");
  }

  @Test
  void aServerThatIsNotThereIsSaidInASentence() {
    int code = Bench.run("group", "--api", "http://127.0.0.1:1", "--pids", "1", "--patience", "5");
    assertThat(code).isEqualTo(1);
    assertThat(said.toString()).contains("could not log in").doesNotContain("\tat ");
  }

  @Test
  void aWholeRunCountsEverythingAndWritesItsFiles() throws Exception {
    Path json = folder.resolve("out/results.json");
    Path html = folder.resolve("out/results.html");
    try (YardstickProcess server = new YardstickProcess()) {
      int code =
          Bench.run(
              "rooms",
              "--rooms=4",
              "--members-each=3",
              "--rate=200",
              "--seconds=1",
              "--warmup=0.5",
              "--wire=v1-ws",
              "--yardstick",
              "--rounds=1",
              "--api=http://127.0.0.1:" + server.api(),
              "--ws=ws://127.0.0.1:" + server.ws() + "/ws",
              "--pids=" + server.pid(),
              "--json=" + json,
              "--html=" + html);
      assertThat(code).as(said.toString()).isZero();
    }
    JsonNode results = new ObjectMapper().readTree(Files.readString(json));
    assertThat(results.path("rounds")).hasSize(2);
    for (JsonNode round : results.path("rounds")) {
      assertThat(round.path("connections").path("ready").asInt()).isEqualTo(12);
      assertThat(round.path("messages").path("accepted").asInt()).isEqualTo(300);
      assertThat(round.path("deliveries").path("expected").asInt()).isEqualTo(900);
      assertThat(round.path("deliveries").path("received").asInt()).isEqualTo(900);
      assertThat(round.path("deliveries").path("lost").asInt()).isZero();
      assertThat(round.path("deliveries").path("duplicates").asInt()).isZero();
      // Of 300 messages a third is the warm-up.
      assertThat(round.path("deliveryMs").path("count").asInt()).isEqualTo(600);
    }
    assertThat(results.path("ratio").isObject()).isTrue();
    assertThat(Files.readString(html))
        .contains("echarts")
        .contains("\"scenario\" : \"rooms\"")
        .doesNotContain("/*charts*/", "<script src", "<link");
  }

  @Test
  void growthIsTheSameNumberOfDeliveriesToGroupsOfEachSize() throws Exception {
    Path json = folder.resolve("growth.json");
    Path html = folder.resolve("growth.html");
    try (YardstickProcess server = new YardstickProcess()) {
      int code =
          Bench.run(
              "growth",
              "--members=2,5",
              "--deliveries=200",
              "--seconds=1",
              "--warmup=0.5",
              "--wire=v1-ws",
              "--api=http://127.0.0.1:" + server.api(),
              "--ws=ws://127.0.0.1:" + server.ws() + "/ws",
              "--pids=" + server.pid(),
              "--management=http://127.0.0.1:1",
              "--json=" + json,
              "--html=" + html);
      assertThat(code).as(said.toString()).isZero();
    }
    assertThat(said.toString()).contains("no counts of the bus");
    JsonNode sizes = new ObjectMapper().readTree(Files.readString(json)).path("sizes");
    assertThat(sizes).hasSize(2);
    for (JsonNode size : sizes) {
      assertThat(size.path("rounds")).hasSize(2);
      for (JsonNode round : size.path("rounds")) {
        assertThat(round.path("connections").path("ready")).isEqualTo(size.path("members"));
        assertThat(round.path("deliveries").path("received").asInt()).isEqualTo(300);
        assertThat(round.path("opening").size()).isPositive();
      }
      assertThat(size.path("ratio").isObject()).isTrue();
    }
    assertThat(Files.readString(html)).contains("times the yardstick's").doesNotContain("/*page*/");
  }

  @Test
  void whatCrossedTheBusIsTheDifferenceOfTwoPages() {
    String requests = "parley_logic_requests_total{request=";
    Map<String, Double> before =
        Map.of("parley_task_deliveries_total{end=\"answered\"}", 3d, requests + "\"send\"}", 5d);
    Map<String, Double> after =
        Map.of(
            "parley_task_deliveries_total{end=\"answered\"}",
            23d,
            "parley_task_deliveries_total{end=\"failed\"}",
            1d,
            "parley_task_messages_stored_total",
            42d,
            "parley_logic_messages_accepted_total",
            42d,
            requests + "\"send\"}",
            45d,
            requests + "\"send-many\"}",
            1d,
            requests + "\"heads\"}",
            7d,
            "parley_logic_wakes_total",
            22d);
    Bus bus = Bus.between(before, after);
    assertThat(bus.deliveries()).isEqualTo(21);
    assertThat(bus.sends()).isEqualTo(41);
    assertThat(bus.otherRequests()).isEqualTo(7);
    assertThat(bus.deliveriesPerMessage()).isEqualTo(0.5);
    assertThat(bus.busMessagesPerMessage()).isEqualTo(2);
  }

  @Test
  void medianIsTheMiddleOne() {
    assertThat(Results.median(3, 1, 2)).isEqualTo(2);
    assertThat(Results.median(4, 1, 2, 3)).isEqualTo(2.5);
  }
}
