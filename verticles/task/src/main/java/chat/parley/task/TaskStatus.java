package chat.parley.task;

import io.vertx.core.Vertx;
import java.util.Map;

/**
 * What the workers of this process say of themselves: the local map {@code parley.status}, where
 * the key {@code partitions} holds how many partitions all instances of {@link TaskVerticle} in
 * this process own together.
 */
public final class TaskStatus {
  private static final String MAP = "parley.status";
  private static final String PARTITIONS = "partitions";

  private TaskStatus() {}

  /** Partitions owned in this process at this moment. Any thread. */
  public static int partitions(Vertx vertx) {
    return map(vertx).getOrDefault(PARTITIONS, 0);
  }

  static void owns(Vertx vertx, int more) {
    map(vertx).merge(PARTITIONS, more, Integer::sum);
  }

  private static Map<String, Integer> map(Vertx vertx) {
    return vertx.sharedData().getLocalMap(MAP);
  }
}
