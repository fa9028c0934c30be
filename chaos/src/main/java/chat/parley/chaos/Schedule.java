package chat.parley.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What happens in one run of the model, in order. The same seed makes the same steps. */
public final class Schedule {
  /** What one step does, and how often of a thousand steps. */
  public enum Action {
    /** A device sends to a room it is in, or to another user. */
    SEND(700),
    /** What was acknowledged is posted once more under its id, to any node. */
    RESEND(60),
    /** The connection of a device is reset. */
    CUT(60),
    /** The network of a device is away until {@link #UP}. */
    DOWN(25),
    UP(25),
    /** Nothing of a device comes through, its acknowledgements neither, until released. */
    HOLD_TO_SERVER(15),
    /** Nothing comes through to a device, until released. */
    HOLD_TO_CLIENT(25),
    RELEASE(25),
    /** A client ends in order and another one goes on with its state. */
    RESTART(20),
    /** A client dies; another one goes on with what was in the files at that moment. */
    CRASH(20),
    /** The state of a client is gone, but for its token. */
    FORGET(15),
    /** The device logs in anew. */
    LOGIN(10),
    JOIN(15),
    LEAVE(15);

    private final int weight;

    Action(int weight) {
      this.weight = weight;
    }
  }

  /**
   * @param choice picks among what there is, by its remainder
   */
  public record Step(int number, Action action, int device, int choice) {
    @Override
    public String toString() {
      return "%d %s device %d choice %d".formatted(number, action, device, choice);
    }
  }

  private static final int TOTAL = Arrays.stream(Action.values()).mapToInt(a -> a.weight).sum();

  private Schedule() {}

  public static List<Step> of(long seed, int steps, int devices) {
    Random random = new Random(seed);
    List<Step> all = new ArrayList<>();
    for (int n = 1; n <= steps; n++) {
      all.add(next(random, n, devices));
    }
    return all;
  }

  /** One more step; the same random makes the same ones. */
  static Step next(Random random, int number, int devices) {
    Action action = pick(random.nextInt(TOTAL));
    return new Step(number, action, random.nextInt(devices), random.nextInt(Integer.MAX_VALUE));
  }

  /** Steps for one message that is handed in, on the average. */
  static double stepsOfAMessage() {
    return (double) TOTAL / Action.SEND.weight;
  }

  private static Action pick(int number) {
    int left = number;
    for (Action action : Action.values()) {
      left -= action.weight;
      if (left < 0) {
        return action;
      }
    }
    throw new IllegalStateException("weights do not add up");
  }
}
