package chat.parley.app;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The verticles of the mesh: the name that people type and the class that is deployed.
 *
 * <p>In the order in which a process stops them, which is the order of the message: first what
 * takes requests from outside, then logic, then task. Layers of one stage stop together.
 */
enum Layer {
  API("api", "chat.parley.api.ApiVerticle", 0),
  SITE("site", "chat.parley.api.site.SiteVerticle", 0),
  CONNECT("connect", "chat.parley.connect.ConnectVerticle", 0),
  LOGIC("logic", "chat.parley.logic.LogicVerticle", 1),
  TASK("task", "chat.parley.task.TaskVerticle", 2);

  static final int STAGES = 3;

  private final String shortName;
  private final String className;
  private final int stopStage;

  Layer(String shortName, String className, int stopStage) {
    this.shortName = shortName;
    this.className = className;
    this.stopStage = stopStage;
  }

  String shortName() {
    return shortName;
  }

  String className() {
    return className;
  }

  /** 0 stops first. */
  int stopStage() {
    return stopStage;
  }

  /** Whether it works on Redis itself. */
  boolean needsRedis() {
    return this == CONNECT || needsDatabase();
  }

  /** Whether it works on the database itself. */
  boolean needsDatabase() {
    return this == LOGIC || this == TASK;
  }

  /** Whether it can do nothing without logic. */
  boolean needsLogic() {
    return this == API || this == CONNECT;
  }

  /** By short name or class name. */
  static Optional<Layer> find(String name) {
    return Arrays.stream(values())
        .filter(layer -> layer.shortName.equals(name) || layer.className.equals(name))
        .findFirst();
  }

  /**
   * @throws StartFailure naming what there is
   */
  static Layer named(String name) {
    return find(name)
        .orElseThrow(
            () ->
                StartFailure.usage(
                    "there is no verticle " + name + "; there are " + String.join(", ", names())));
  }

  static List<String> names() {
    return Arrays.stream(values()).map(Layer::shortName).collect(Collectors.toList());
  }
}
