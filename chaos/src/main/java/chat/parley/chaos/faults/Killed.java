package chat.parley.chaos.faults;

import chat.parley.chaos.Fault;
import chat.parley.e2e.support.Mesh;
import chat.parley.e2e.support.ParleyProcess;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Processes that are killed in one moment and started again after a while. */
final class Killed implements Fault {
  private static final int LONGEST_MS = 8_000;

  private final Mesh mesh;
  private final List<String> victims;
  private final Duration away;

  Killed(Mesh mesh, List<String> victims, RandomGenerator random) {
    this.mesh = mesh;
    this.victims = victims;
    this.away = Duration.ofMillis(random.nextInt(LONGEST_MS));
  }

  @Override
  public String what() {
    return "kill -9 of " + String.join(" and ", victims);
  }

  @Override
  public void strike() {
    victims.stream().map(mesh::process).forEach(ParleyProcess::signalKill);
    victims.stream().map(mesh::process).forEach(ParleyProcess::kill9);
  }

  @Override
  public Duration lasts() {
    return away;
  }

  @Override
  public void mend() {
    victims.forEach(mesh::launch);
  }
}
