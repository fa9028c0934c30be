package chat.parley.chaos.faults;

import chat.parley.chaos.Fault;
import chat.parley.chaos.FaultKind;
import chat.parley.chaos.Scene;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** kill -9 of the Redis server, which comes back on its append-only file. */
final class KillRedis implements FaultKind {
  private static final int LONGEST_MS = 6_000;

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public String promise() {
    return "sends are refused in time and may be repeated; what was acknowledged is in the file";
  }

  @Override
  public int weight() {
    return 4;
  }

  @Override
  public Fault choose(RandomGenerator random, Scene scene) {
    Duration away = Duration.ofMillis(random.nextInt(LONGEST_MS));
    return new Fault() {
      @Override
      public String what() {
        return "kill -9 of redis-server";
      }

      @Override
      public void strike() {
        scene.redis().kill9();
      }

      @Override
      public Duration lasts() {
        return away;
      }

      @Override
      public void mend() {
        scene.redis().start();
      }
    };
  }
}
