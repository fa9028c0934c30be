package chat.parley.chaos.faults;

import chat.parley.chaos.Fault;
import chat.parley.chaos.FaultKind;
import chat.parley.chaos.Scene;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** A process is stopped for longer than all its leases, and goes on as if nothing had happened. */
final class Pause implements FaultKind {
  private static final Duration PAUSE = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "pause";
  }

  @Override
  public String promise() {
    return "an owner without its lease trims nothing; who went elsewhere gets nothing twice";
  }

  @Override
  public int weight() {
    return 3;
  }

  @Override
  public Fault choose(RandomGenerator random, Scene scene) {
    List<String> names = scene.mesh().names();
    String victim = names.get(random.nextInt(names.size()));
    return new Fault() {
      @Override
      public String what() {
        return "SIGSTOP of " + victim;
      }

      @Override
      public void strike() {
        scene.mesh().process(victim).freeze();
      }

      @Override
      public Duration lasts() {
        return PAUSE;
      }

      @Override
      public void mend() {
        scene.mesh().process(victim).thaw();
      }
    };
  }
}
