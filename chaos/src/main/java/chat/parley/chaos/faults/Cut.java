package chat.parley.chaos.faults;

import chat.parley.chaos.Fault;
import chat.parley.chaos.FaultKind;
import chat.parley.chaos.Network;
import chat.parley.chaos.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The cable of one member is pulled for longer than all its leases, and plugged in again. */
final class Cut implements FaultKind {
  private static final Duration AWAY = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "cut";
  }

  @Override
  public String promise() {
    return "the others go on without it; when it is back the cluster is one again";
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
    return scene.network().isPresent()
        ? Optional.empty()
        : Optional.of("needs --database postgres without --whole, root and iproute2");
  }

  @Override
  public Fault choose(RandomGenerator random, Scene scene) {
    Network network = scene.network().orElseThrow();
    List<String> members = network.members();
    String victim = members.get(random.nextInt(members.size()));
    return new Fault() {
      @Override
      public String what() {
        return "cable of " + victim + " pulled";
      }

      @Override
      public void strike() {
        network.pull(victim);
      }

      @Override
      public Duration lasts() {
        return AWAY;
      }

      @Override
      public boolean losesConnectionsSilently() {
        return true;
      }

      @Override
      public void mend() {
        network.plug(victim);
      }
    };
  }
}
