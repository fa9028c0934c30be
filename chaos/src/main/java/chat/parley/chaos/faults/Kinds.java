package chat.parley.chaos.faults;

import chat.parley.chaos.FaultKind;
import java.util.List;

/** Every kind of fault that there is. */
public final class Kinds {
  private Kinds() {}

  public static List<FaultKind> all() {
    return List.of(
        new Kill(),
        new KillTwo(),
        new KillRedis(),
        new DatabaseAway(),
        new Pause(),
        new RollingRestart(),
        new Cut(),
        new ClockJump());
  }
}
