package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.settings.SettingsReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files under docker/ name only what this program knows. */
class DeploymentFilesTest {
  private static final Path DOCKER = Path.of("../../docker");

  @Test
  void everyServiceOfTheComposeFileStartsWithSettingsThatExist() throws IOException {
    Map<String, Map<String, Object>> services = map(yaml("compose.yaml").get(0), "services");
    assertThat(services.keySet())
        .contains("redis", "postgres")
        .containsAll(Layer.names().stream().flatMap(l -> Stream.of(l + "-1", l + "-2")).toList());
    for (String service : services.keySet()) {
      if (service.matches("\\w+-[12]")) {
        Map<String, Object> definition = services.get(service);
        requireSettings(map(definition, "environment").keySet());
        requireRole((List<?>) definition.get("command"), service.replaceFirst("-.*", ""));
        assertThat((String) definition.get("stop_grace_period"))
            .satisfies(
                grace ->
                    assertThat(Integer.parseInt(grace.replace("s", "")))
                        .isGreaterThan(drainSeconds()));
      }
    }
  }

  /** Maven reads the pom of each of them, whichever it builds. */
  @Test
  void theBuildOfTheImageSeesEveryModule() throws IOException {
    String dockerfile = Files.readString(DOCKER.resolve("Dockerfile"));
    List<String> modules =
        Files.readString(Path.of("../../pom.xml"))
            .lines()
            .filter(line -> line.contains("<module>"))
            .map(line -> line.replaceAll("</?module>", "").strip())
            .toList();
    assertThat(modules).contains("eventbus-codecs", "tests");
    assertThat(modules)
        .allSatisfy(
            module ->
                assertThat(dockerfile).containsPattern("COPY " + module.split("/")[0] + "[/ ]"));
  }

  @Test
  void theRedisOfTheComposeFileKeepsWhatItAcknowledges() throws IOException {
    Map<String, Map<String, Object>> services = map(yaml("compose.yaml").get(0), "services");
    assertThat(String.join(" ", strings(services.get("redis").get("command"))))
        .contains("--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction");
  }

  @Test
  void everyLayerHasAKubernetesDeploymentWithSettingsThatExist() throws IOException {
    for (Layer layer : Layer.values()) {
      Map<String, Object> deployment = yaml("kubernetes/" + layer.shortName() + ".yaml").get(0);
      Map<String, Object> pod = map(map(map(deployment, "spec"), "template"), "spec");
      assertThat(pod).containsEntry("enableServiceLinks", false);
      Map<String, Object> container = firstOf(pod, "containers");
      requireRole((List<?>) container.get("args"), layer.shortName());
      assertThat(container).containsKeys("livenessProbe", "readinessProbe", "startupProbe");
      assertThat((Integer) pod.get("terminationGracePeriodSeconds")).isGreaterThan(drainSeconds());
      requireSettings(List.of((String) firstOf(container, "env").get("name")));
    }
    Map<String, Object> settings = yaml("kubernetes/settings.yaml").get(0);
    requireSettings(map(settings, "data").keySet());
  }

  /** Who stops a process must wait for longer, or kills it in the middle. */
  private static int drainSeconds() {
    JsonObject production = Settings.load("conf/prod.yaml", Map.of(), null);
    DrainSettings drain =
        SettingsReader.section(production, DrainSettings.SECTION, DrainSettings.class);
    return (int) drain.deadline().toSeconds();
  }

  private static void requireSettings(Iterable<String> variables) {
    variables.forEach(variable -> assertThat(EnvironmentSettings.settingOf(variable)).isNotNull());
  }

  private static void requireRole(List<?> command, String layer) {
    assertThat(strings(command)).startsWith("run", layer, "-cluster", "-conf", "conf/prod.yaml");
  }

  private static List<Map<String, Object>> yaml(String name) throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    for (Object document : yaml.loadAll(Files.readString(DOCKER.resolve(name)))) {
      documents.add(map(document));
    }
    return documents;
  }

  private static Map<String, Object> firstOf(Map<String, Object> parent, String key) {
    return map(((List<?>) parent.get(key)).get(0));
  }

  private static List<String> strings(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  private static <V> Map<String, V> map(Map<String, Object> parent, String key) {
    return map(parent.get(key));
  }

  @SuppressWarnings("unchecked") // YAML's maps are what the assertions say, or the test fails
  private static <V> Map<String, V> map(Object value) {
    return (Map<String, V>) value;
  }
}
