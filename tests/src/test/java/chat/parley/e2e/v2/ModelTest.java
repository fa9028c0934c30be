package chat.parley.e2e.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.chaos.Checker;
import chat.parley.chaos.Ledger;
import chat.parley.chaos.Schedule;
import chat.parley.chaos.Schedule.Step;
import chat.parley.chaos.World;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Nodes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random steps of many devices on two nodes, one of which dies now and then, against a
 * model of what was acknowledged. {@code -Dparley.seed} repeats a run's steps, {@code
 * -Dparley.steps} makes it longer.
 */
class ModelTest {
  private static final long SEED =
      Long.getLong("parley.seed", ThreadLocalRandom.current().nextLong(1_000_000));
  private static final int STEPS = Integer.getInteger("parley.steps", 3_000);

  /** Steps from one kill of a node to the next. */
  private static final int A_NODE_DIES_EVERY = 700;

  private static final int ALL_IS_CHECKED_EVERY = 1_000;

  private static final int USERS = 4;

  /** Little patience and small bounds, so that a short run meets all that they are there for. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "PARLEY_V2_HEARTBEAT_INTERVAL", "2s",
          "PARLEY_V2_ACKNOWLEDGE_WITHIN", "1s",
          "PARLEY_V2_ACKNOWLEDGE_AFTER", "200ms",
          "PARLEY_V2_CURSOR_SAVE", "500ms",
          "PARLEY_V2_MAX_IN_FLIGHT", "16",
          "PARLEY_CONNECT_MAX_QUEUED_BYTES", "131072");

  @Test
  void everyDeviceHasEveryAcknowledgedMessageOnceInOrder() {
    System.out.println("ModelTest: seed " + SEED + ", " + STEPS + " steps");
    Step[] at = new Step[1];
    List<Long> rooms = List.of(Clients.newRoom(), Clients.newRoom(), Clients.newRoom());
    World.Size size = new World.Size(USERS, rooms, false);
    Ledger ledger = new Ledger();
    Checker checker = new Checker(ledger);
    try (Nodes nodes = new Nodes(SETTINGS);
        World world = new World(nodes, size, ledger)) {
      for (Step step : Schedule.of(SEED, STEPS, size.devices())) {
        at[0] = step;
        if (step.number() % A_NODE_DIES_EVERY == A_NODE_DIES_EVERY / 2) {
          kill(nodes, step.choice() % Nodes.COUNT);
        }
        world.take(step);
        if (step.number() % ALL_IS_CHECKED_EVERY == 0) {
          assertThat(world.settle(checker)).isEmpty();
        }
      }
      assertThat(world.settle(checker)).isEmpty();
      System.out.println("ModelTest: " + world.figures());
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed " + SEED + ", steps " + STEPS + ", at " + at[0] + ": " + e.getMessage(), e);
    }
  }

  /** kill -9; it starts again at once, and is away for as long as that takes. */
  private static void kill(Nodes nodes, int victim) {
    nodes.restore();
    nodes.node(victim).kill9();
    nodes.relaunch(victim);
  }
}
