package chat.parley.chaos.faults;

import chat.parley.chaos.Clocks;
import chat.parley.chaos.Fault;
import chat.parley.chaos.FaultKind;
import chat.parley.chaos.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The clock of one process is set an hour ahead or some minutes back, and set right later. */
final class ClockJump implements FaultKind {
  private static final int AHEAD_S = 3_600;
  private static final int BACK_S = -300;
  private static final Duration WRONG = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "clock";
  }

  @Override
  public String promise() {
    return "no id is given twice, no order changes, nobody is taken for dead";
  }

  @Override
  public int weight() {
    return 2;
  }

  @Override
  public boolean byDefault() {
    return false;
  }

  @Override
  public Optional<String> impossible(Scene scene) {
    return scene.clocks().isPresent()
        ? Optional.empty()
        : Optional.of("libfaketime is not installed");
  }

  @Override
  public Fault choose(RandomGenerator random, Scene scene) {
    Clocks clocks = scene.clocks().orElseThrow();
    List<String> members = clocks.members();
    String victim = members.get(random.nextInt(members.size()));
    int seconds = random.nextBoolean() ? AHEAD_S : BACK_S;
    return new Fault() {
      @Override
      public String what() {
        return "clock of %s set by %+d s".formatted(victim, seconds);
      }

      @Override
      public void strike() {
        clocks.set(victim, seconds);
      }

      @Override
      public Duration lasts() {
        return WRONG;
      }

      @Override
      public void mend() {
        clocks.set(victim, 0);
      }
    };
  }
}
