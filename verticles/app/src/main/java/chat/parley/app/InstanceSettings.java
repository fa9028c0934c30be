package chat.parley.app;

import chat.parley.settings.SettingsException;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many instances of each verticle {@code up} deploys. Section {@code instances}.
 *
 * <p>An instance is an event loop: more of them than processors gain nothing.
 */
record InstanceSettings(Integer api, Integer site, Integer connect, Integer logic, Integer task) {
  InstanceSettings {
    api = checked("api", api);
    site = checked("site", site);
    connect = checked("connect", connect);
    logic = checked("logic", logic);
    task = checked("task", task);
  }

  Map<Layer, Integer> byLayer() {
    Map<Layer, Integer> instances = new EnumMap<>(Layer.class);
    instances.put(Layer.API, api);
    instances.put(Layer.SITE, site);
    instances.put(Layer.CONNECT, connect);
    instances.put(Layer.LOGIC, logic);
    instances.put(Layer.TASK, task);
    return instances;
  }

  private static Integer checked(String layer, Integer instances) {
    int n = instances == null ? 1 : instances;
    if (n < 1 || n > Deployments.MAX_INSTANCES) {
      throw new SettingsException(
          "instances." + layer + " must be 1 to " + Deployments.MAX_INSTANCES + ", not " + n);
    }
    return n;
  }
}
