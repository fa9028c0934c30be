package chat.parley.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.parley.chaos.Checker;
import chat.parley.chaos.Finding;
import chat.parley.chaos.Finding.Verdict;
import chat.parley.chaos.Ledger;
import chat.parley.chaos.Schedule.Action;
import chat.parley.chaos.Schedule.Step;
import chat.parley.chaos.Servers;
import chat.parley.chaos.World;
import chat.parley.e2e.chaos.LyingDiary.Lie;
import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Endpoints;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.RunningParley;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing: devices on a real server, three of which lie. */
@RunningParley
class CheckerIsCheckedTest {
  private static final int DEVICES = 6;
  private static final int MESSAGES = 24;
  private static final Lie[] LIES = {Lie.DROP, Lie.NONE, Lie.REPEAT, Lie.NONE, Lie.SWAP, Lie.NONE};

  /** One server. */
  private record Only(Endpoints endpoints) implements Servers {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public int port(Carrier carrier, int server) {
      return carrier.port(endpoints);
    }

    @Override
    public List<URI> apis(int first) {
      return List.of(api());
    }

    @Override
    public URI api() {
      return endpoints.apiAddress();
    }
  }

  @Test
  void aMessageThatIsDroppedRepeatedOrSwappedOnItsLastStepIsFound(ParleyProcess parley) {
    World.Size size = new World.Size(2, List.of(Clients.newRoom()), false);
    Ledger ledger = new Ledger();
    Checker checker = new Checker(ledger);
    AtomicInteger devices = new AtomicInteger();
    try (World world =
        new World(
            new Only(parley.endpoints()),
            size,
            ledger,
            (device, user) -> new LyingDiary(device, user, LIES[devices.getAndIncrement()]))) {
      for (int n = 0; n < MESSAGES; n++) {
        world.take(new Step(n, Action.SEND, n % DEVICES, n / DEVICES));
      }
      world.rest();
      Eventually.holds(
          () ->
              assertThat(world.compare(checker))
                  .as("what was dropped by one, repeated to one, swapped for one; nothing else")
                  .extracting(Finding::verdict, finding -> finding.what().substring(0, 8))
                  .containsExactlyInAnyOrder(
                      tuple(Verdict.LOST, "device 0"),
                      tuple(Verdict.TWICE, "device 2"),
                      tuple(Verdict.OUT_OF_ORDER, "device 4")));
    }
  }
}
