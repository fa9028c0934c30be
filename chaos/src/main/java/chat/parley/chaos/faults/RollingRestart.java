package chat.parley.chaos.faults;

import chat.parley.chaos.Fault;
import chat.parley.chaos.FaultKind;
import chat.parley.chaos.Scene;
import chat.parley.e2e.support.Mesh;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** SIGTERM to each process in turn; the next one when the one before serves again. */
final class RollingRestart implements FaultKind {
  @Override
  public String name() {
    return "rolling";
  }

  @Override
  public String promise() {
    return "nobody notices more than a reconnect";
  }

  @Override
  public int weight() {
    return 1;
  }

  @Override
  public Fault choose(RandomGenerator random, Scene scene) {
    Mesh mesh = scene.mesh();
    return new Fault() {
      @Override
      public String what() {
        return "SIGTERM to each process in turn";
      }

      @Override
      public void strike() {
        for (String name : mesh.names()) {
          mesh.process(name).terminate();
          mesh.launch(name);
          mesh.process(name).awaitReady();
        }
      }

      @Override
      public Duration lasts() {
        return Duration.ZERO;
      }

      @Override
      public void mend() {
        // Each was started as soon as it had ended.
      }
    };
  }
}
