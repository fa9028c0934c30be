package chat.parley.chaos.faults;

import chat.parley.chaos.Fault;
import chat.parley.chaos.FaultKind;
import chat.parley.chaos.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** kill -9 of two processes at once: of two layers, or of a whole one. */
final class KillTwo implements FaultKind {
  @Override
  public String name() {
    return "kill-two";
  }

  @Override
  public String promise() {
    return "nothing acknowledged is lost, though a layer may be gone for a while";
  }

  @Override
  public int weight() {
    return 4;
  }

  @Override
  public Optional<String> impossible(Scene scene) {
    return scene.mesh().names().size() < 2
        ? Optional.of("there is one process only")
        : Optional.empty();
  }

  @Override
  public Fault choose(RandomGenerator random, Scene scene) {
    List<String> names = new ArrayList<>(scene.mesh().names());
    String first = names.remove(random.nextInt(names.size()));
    String second = names.get(random.nextInt(names.size()));
    return new Killed(scene.mesh(), List.of(first, second), random);
  }
}
