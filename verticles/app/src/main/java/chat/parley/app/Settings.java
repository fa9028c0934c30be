package chat.parley.app;

import chat.parley.app.SettingsSchema.Setting;
import chat.parley.settings.SettingsException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The settings tree of a process: a YAML file, environment variables over it, the command line over
 * both. Read once at the start and valid as a whole from then on.
 */
final class Settings {
  /** Where relative paths of a settings file begin; the working directory when it is not set. */
  static final String HOME_PROPERTY = "parley.home";

  private static final String DEFAULT_FILE = "dev.yaml";

  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private Settings() {}

  /**
   * @param conf file (YAML or JSON), or JSON itself; null: the development settings
   * @param environment the process's variables
   * @param dataFolder from the command line; null: what file and environment say
   * @throws SettingsException naming the file, key or variable that is wrong
   */
  static JsonObject load(String conf, Map<String, String> environment, String dataFolder) {
    JsonObject config = parse(conf == null ? DEFAULT_FILE : conf);
    boolean byEnvironment = !environment.getOrDefault("PARLEY_DATA", "").isBlank();
    EnvironmentSettings.apply(environment, config);
    if (dataFolder != null) {
      config.put(SettingsSchema.DATA, dataFolder);
    }
    SettingsSchema.validate(config);
    resolveFiles(config, environment);
    Path base = dataFolder != null || byEnvironment ? Path.of("") : home();
    Path data = base.resolve(config.getString(SettingsSchema.DATA, "data"));
    return config.put(SettingsSchema.DATA, data.toAbsolutePath().normalize().toString());
  }

  /** Makes the names of files absolute: those of a settings file begin at home, like data. */
  private static void resolveFiles(JsonObject config, Map<String, String> environment) {
    for (Setting setting : SettingsSchema.all()) {
      JsonObject section = setting.isFile() ? config.getJsonObject(setting.section()) : null;
      String file = section == null ? null : section.getString(setting.key());
      if (file != null) {
        boolean byEnvironment = !environment.getOrDefault(setting.variable(), "").isBlank();
        Path path = (byEnvironment ? Path.of("") : home()).resolve(file);
        section.put(setting.key(), path.toAbsolutePath().normalize().toString());
      }
    }
  }

  private static Path home() {
    return Path.of(System.getProperty(HOME_PROPERTY, ""));
  }

  private static JsonObject parse(String conf) {
    if (conf.trim().startsWith("{")) {
      return parse("-conf", conf);
    }
    try {
      return parse(conf, read(conf));
    } catch (IOException e) {
      throw new SettingsException("settings file " + conf + " cannot be read", e);
    }
  }

  /** A file that is there, or else one of those that the program brings along. */
  private static String read(String conf) throws IOException {
    Path file = Path.of(conf);
    if (Files.isRegularFile(file)) {
      return Files.readString(file);
    }
    String own = conf.startsWith("conf/") ? conf.substring("conf/".length()) : conf;
    try (InputStream in = Settings.class.getClassLoader().getResourceAsStream(own)) {
      if (in == null) {
        throw new SettingsException("there is no settings file " + conf);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonObject parse(String name, String text) {
    try {
      Map<String, Object> tree = new YAMLMapper().readValue(text, TREE);
      return tree == null ? new JsonObject() : new JsonObject(tree).copy();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new SettingsException(
          "settings file " + name + " is not YAML: " + firstLine(e) + " (line " + line + ")", e);
    }
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("it cannot be parsed");
  }
}
