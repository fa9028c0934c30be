package chat.parley.app;

import chat.parley.api.ApiSettings;
import chat.parley.api.site.SiteSettings;
import chat.parley.connect.ConnectSettings;
import chat.parley.connect.V2Settings;
import chat.parley.logic.DevelopmentAccounts;
import chat.parley.logic.LimitSettings;
import chat.parley.logic.LogicSettings;
import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import chat.parley.stores.DatabaseSettings;
import chat.parley.stores.RedisSettings;
import chat.parley.task.TaskSettings;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Every setting there is: the sections, the record that each is bound to, and their keys. */
final class SettingsSchema {
  /** The data folder, the one setting that stands outside a section. */
  static final String DATA = "data";

  private static final Map<String, Class<? extends Record>> SECTIONS = sections();

  private static final List<Setting> SETTINGS = settings();

  private SettingsSchema() {}

  /**
   * One setting.
   *
   * @param path {@code section.key}, or the key alone outside a section
   * @param section null outside a section
   */
  record Setting(String path, String section, String key, Class<?> type) {
    /** Whether it names a file. */
    boolean isFile() {
      return type == Path.class;
    }

    /** The environment variable that sets it. */
    String variable() {
      return "PARLEY_" + path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
  }

  static List<Setting> all() {
    return SETTINGS;
  }

  /**
   * Binds every section, so that what is wrong anywhere stops the start.
   *
   * @throws SettingsException naming the section or key that is unknown or has a bad value
   */
  static void validate(JsonObject config) {
    for (String name : config.fieldNames()) {
      if (!name.equals(DATA) && !SECTIONS.containsKey(name)) {
        throw new SettingsException("unknown setting " + name + hint(name));
      }
      if (config.getValue(name) instanceof JsonObject section) {
        section.fieldNames().forEach(key -> requireKnown(name + "." + key));
      }
    }
    SECTIONS.forEach((name, type) -> SettingsReader.section(config, name, type));
  }

  private static void requireKnown(String path) {
    if (SETTINGS.stream().noneMatch(setting -> setting.path().equals(path))) {
      throw new SettingsException("unknown setting " + path + hint(path));
    }
  }

  /** The known name that was probably meant, as the end of a sentence. */
  private static String hint(String name) {
    List<String> known = new ArrayList<>(SECTIONS.keySet());
    known.add(DATA);
    SETTINGS.forEach(setting -> known.add(setting.path()));
    return closest(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  /** The candidate that differs least, when it does not differ too much. */
  static Optional<String> closest(String name, List<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .filter(candidate -> distance(name, candidate) <= Math.max(2, name.length() / 3));
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static Map<String, Class<? extends Record>> sections() {
    Map<String, Class<? extends Record>> sections = new LinkedHashMap<>();
    sections.put("instances", InstanceSettings.class);
    sections.put(ApiSettings.SECTION, ApiSettings.class);
    sections.put(SiteSettings.SECTION, SiteSettings.class);
    sections.put("connect", ConnectSettings.class);
    sections.put("v2", V2Settings.class);
    sections.put("logic", LogicSettings.class);
    sections.put("limits", LimitSettings.class);
    sections.put("development-accounts", DevelopmentAccounts.Settings.class);
    sections.put("task", TaskSettings.class);
    sections.put("redis", RedisSettings.class);
    sections.put("database", DatabaseSettings.class);
    sections.put("cluster", ClusterSettings.class);
    sections.put("management", ManagementSettings.class);
    sections.put(DrainSettings.SECTION, DrainSettings.class);
    return sections;
  }

  private static List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    settings.add(new Setting(DATA, null, DATA, String.class));
    SECTIONS.forEach(
        (section, type) -> {
          for (RecordComponent component : type.getRecordComponents()) {
            String key = kebab(component.getName());
            settings.add(new Setting(section + "." + key, section, key, component.getType()));
          }
        });
    return List.copyOf(settings);
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
