package chat.parley.app;

import chat.parley.app.SettingsSchema.Setting;
import chat.parley.settings.SettingsException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Environment variables over the settings of the file: {@code PARLEY_API_PORT} sets {@code
 * api.port}. Lists are written with commas. A variable that begins with {@code PARLEY_} and means
 * nothing stops the start, because it is a setting that somebody believes to have made.
 */
final class EnvironmentSettings {
  private static final String PREFIX = "PARLEY_";

  /** Read by the scripts and the logging, or meant for clients; not settings of the server. */
  private static final Set<String> NOT_SETTINGS =
      Set.of("PARLEY_JAVA_OPTS", "PARLEY_LOG_LEVEL", "PARLEY_PASSWORD", "PARLEY_HOME");

  private static final Map<String, Setting> BY_VARIABLE =
      SettingsSchema.all().stream()
          .collect(Collectors.toUnmodifiableMap(Setting::variable, Function.identity()));

  private EnvironmentSettings() {}

  /**
   * Puts what the environment says over a settings tree. An empty variable counts as absent: that
   * is how compose files write "not set".
   *
   * @throws SettingsException naming the variable that means nothing or has a bad value
   */
  static void apply(Map<String, String> environment, JsonObject config) {
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              if (variable.startsWith(PREFIX) && !NOT_SETTINGS.contains(variable)) {
                Setting setting = settingOf(variable);
                if (!value.isBlank()) {
                  put(config, setting, valueOf(setting, variable, value.trim()));
                }
              }
            });
  }

  /** The setting that a variable sets. */
  static Setting settingOf(String variable) {
    Setting setting = BY_VARIABLE.get(variable);
    if (setting == null) {
      String hint =
          SettingsSchema.closest(variable, List.copyOf(BY_VARIABLE.keySet()))
              .map(near -> "; did you mean " + near + "?")
              .orElse("");
      throw new SettingsException(
          "environment variable " + variable + " is no setting of Parley" + hint);
    }
    return setting;
  }

  private static void put(JsonObject config, Setting setting, Object value) {
    if (setting.section() == null) {
      config.put(setting.key(), value);
      return;
    }
    Object section = config.getValue(setting.section());
    if (!(section instanceof JsonObject)) {
      config.put(setting.section(), new JsonObject());
    }
    config.getJsonObject(setting.section()).put(setting.key(), value);
  }

  private static Object valueOf(Setting setting, String variable, String value) {
    Class<?> type = setting.type();
    if (Collection.class.isAssignableFrom(type)) {
      return new JsonArray(Arrays.stream(value.split(",")).map(String::trim).toList());
    }
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return number(variable, value);
    }
    if (type == boolean.class || type == Boolean.class) {
      return truth(variable, value);
    }
    return value;
  }

  private static long number(String variable, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new SettingsException(variable + " must be a whole number, not " + value, e);
    }
  }

  private static boolean truth(String variable, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new SettingsException(variable + " must be true or false, not " + value);
    };
  }
}
