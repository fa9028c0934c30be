package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.BenchProcess;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.RunningParley;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bench against a real server: what it counts, and nothing of how fast it was. */
@RunningParley
class BenchTest {

  @ParameterizedTest
  @ValueSource(strings = {"v1-ws", "v1-tcp", "v2-protobuf", "v2-json", "v2-tcp"})
  void everyMessageOfAGroupArrivesEverywhereOnceOnEveryWire(String wire, ParleyProcess parley) {
    JsonNode round =
        BenchProcess.run(
            parley,
            "group",
            "--wire=" + wire,
            "--members=5",
            "--senders=2",
            "--rate=40",
            "--warmup=0.5",
            "--seconds=1");
    assertThat(round.at("/connections/ready").asInt()).isEqualTo(5);
    assertThat(round.at("/messages/accepted").asInt()).isEqualTo(60);
    assertThat(round.at("/deliveries/expected").asInt()).isEqualTo(300);
    assertThat(round.at("/deliveries/received").asInt()).isEqualTo(300);
    assertThat(round.at("/deliveryMs/count").asInt()).as("without the warm-up").isEqualTo(200);
    assertNoFaults(round);
    assertThat(round.at("/bus/accepted").asInt()).isEqualTo(60);
    assertThat(round.at("/bus/given").asInt()).as("by the server's own count").isEqualTo(300);
    assertThat(round.at("/bus/deliveriesPerMessage").asDouble()).isPositive();
    assertThat(round.at("/cost/processes").size())
        .as("the server and its Redis")
        .isGreaterThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1-ws", "v2-protobuf"})
  void everythingAcceptedIsDelivered(String wire, ParleyProcess parley) {
    JsonNode round =
        BenchProcess.run(
            parley,
            "accept",
            "--wire=" + wire,
            "--senders=3",
            "--in-flight=4",
            "--warmup=0.2",
            "--seconds=0.5");
    int accepted = round.at("/messages/accepted").asInt();
    assertThat(accepted).isPositive();
    assertThat(round.at("/messages/sent").asInt()).isEqualTo(accepted);
    assertThat(round.at("/deliveries/received").asInt()).isEqualTo(accepted);
    assertNoFaults(round);
  }

  @Test
  void whoReadNothingHasEverythingWhenTheyReadAgain(ParleyProcess parley) {
    JsonNode round =
        BenchProcess.run(
            parley,
            "group",
            "--members=6",
            "--senders=2",
            "--stalled=3",
            "--rate=40",
            "--warmup=0.5",
            "--seconds=1");
    assertThat(round.at("/deliveries/received").asInt()).isEqualTo(360);
    assertThat(round.at("/deliveryMs/count").asInt()).as("of those who read").isEqualTo(120);
    assertThat(round.at("/more/messages they had not read").asInt()).isPositive();
    assertNoFaults(round);
  }

  @Test
  void everyDeviceSyncsEverythingOnce(ParleyProcess parley) {
    JsonNode round = BenchProcess.run(parley, "sync", "--messages=700", "--devices=2");
    assertThat(round.at("/messages/accepted").asInt()).isEqualTo(700);
    assertThat(round.at("/deliveries/received").asInt()).isEqualTo(1400);
    assertNoFaults(round);
  }

  private static void assertNoFaults(JsonNode round) {
    for (String fault :
        new String[] {"lost", "duplicates", "outOfOrder", "gaps", "stray", "unpromised"}) {
      assertThat(round.at("/deliveries/" + fault).asInt(-1)).as(fault).isZero();
    }
    assertThat(round.at("/messages/refused").size()).isZero();
    assertThat(round.at("/complete").asBoolean()).isTrue();
  }
}
