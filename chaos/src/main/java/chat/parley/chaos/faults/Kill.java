package chat.parley.chaos.faults;

import chat.parley.chaos.Fault;
import chat.parley.chaos.FaultKind;
import chat.parley.chaos.Scene;
import java.util.List;
import java.util.random.RandomGenerator;

/** kill -9 of one process of Parley. */
final class Kill implements FaultKind {
  @Override
  public String name() {
    return "kill";
  }

  @Override
  public String promise() {
    return "the others serve; what the process had acknowledged arrives";
  }

  @Override
  public int weight() {
    return 8;
  }

  @Override
  public Fault choose(RandomGenerator random, Scene scene) {
    List<String> names = scene.mesh().names();
    return new Killed(scene.mesh(), List.of(names.get(random.nextInt(names.size()))), random);
  }
}
