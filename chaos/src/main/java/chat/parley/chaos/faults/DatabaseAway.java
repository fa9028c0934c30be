package chat.parley.chaos.faults;

import chat.parley.chaos.Fault;
import chat.parley.chaos.FaultKind;
import chat.parley.chaos.Scene;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The database is away for half a minute: killed, or silent. */
final class DatabaseAway implements FaultKind {
  private static final Duration AWAY = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "database";
  }

  @Override
  public String promise() {
    return "sends go on being acknowledged, and are delivered when it is back";
  }

  @Override
  public int weight() {
    return 2;
  }

  @Override
  public Fault choose(RandomGenerator random, Scene scene) {
    return random.nextBoolean() ? new Dead(scene) : new Silent(scene);
  }

  private record Dead(Scene scene) implements Fault {
    @Override
    public String what() {
      return "kill -9 of the database (" + scene.database() + ")";
    }

    @Override
    public void strike() {
      scene.database().kill();
    }

    @Override
    public Duration lasts() {
      return AWAY;
    }

    @Override
    public void mend() {
      scene.database().start();
    }
  }

  private record Silent(Scene scene) implements Fault {
    @Override
    public String what() {
      return "SIGSTOP of the database (" + scene.database() + ")";
    }

    @Override
    public void strike() {
      scene.database().freeze();
    }

    @Override
    public Duration lasts() {
      return AWAY;
    }

    @Override
    public void mend() {
      scene.database().thaw();
    }
  }
}
