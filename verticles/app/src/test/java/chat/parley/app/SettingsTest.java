package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.api.ApiSettings;
import chat.parley.connect.ConnectSettings;
import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path folder;

  @Test
  void theFilesOfTheRepositoryAreValid() {
    assertThat(Settings.load(null, Map.of(), null).getString("data")).endsWith("/data");
    JsonObject prod = Settings.load("conf/prod.yaml", Map.of(), null);
    assertThat(prod.getJsonObject("redis").getString("address")).startsWith("redis://");
    assertThat(api(prod).corsOrigins()).doesNotContain("*");
    assertThat(prod.containsKey("development-accounts")).isFalse();
  }

  @Test
  void everySettingHasItsOwnVariable() {
    assertThat(SettingsSchema.all().stream().map(SettingsSchema.Setting::variable))
        .doesNotHaveDuplicates()
        .contains("PARLEY_API_PORT", "PARLEY_CONNECT_WS_PORT", "PARLEY_REDIS_ADDRESS");
  }

  @Test
  void theEnvironmentStandsOverTheFileAndTheCommandLineOverBoth() throws IOException {
    String file = file("data: /from/file\napi:\n  port: 7171\n  host: 127.0.0.2\n");
    Map<String, String> environment =
        Map.of("PARLEY_API_PORT", "7272", "PARLEY_DATA", "/from/environment", "PATH", "/bin");
    JsonObject config = Settings.load(file, environment, "/from/line");
    assertThat(api(config).port()).isEqualTo(7272);
    assertThat(api(config).host()).isEqualTo("127.0.0.2");
    assertThat(config.getString("data")).isEqualTo("/from/line");
    assertThat(Settings.load(file, environment, null).getString("data"))
        .isEqualTo("/from/environment");
  }

  @Test
  void aCertificateOfTheFileIsFoundFromHomeAndOneOfTheEnvironmentFromHere() throws IOException {
    String file =
        file("connect:\n  tls-certificate: tls/server.pem\n  tls-key: /etc/parley/server.key\n");
    String before = System.getProperty(Settings.HOME_PROPERTY);
    System.setProperty(Settings.HOME_PROPERTY, folder.toString());
    try {
      ConnectSettings ofFile = connect(Settings.load(file, Map.of(), null));
      assertThat(ofFile.tlsCertificate()).isEqualTo(folder.resolve("tls/server.pem"));
      assertThat(ofFile.tlsKey()).isEqualTo(Path.of("/etc/parley/server.key"));
      Map<String, String> environment = Map.of("PARLEY_CONNECT_TLS_CERTIFICATE", "other.pem");
      assertThat(connect(Settings.load(file, environment, null)).tlsCertificate())
          .isEqualTo(Path.of("other.pem").toAbsolutePath());
    } finally {
      if (before == null) {
        System.clearProperty(Settings.HOME_PROPERTY);
      } else {
        System.setProperty(Settings.HOME_PROPERTY, before);
      }
    }
  }

  @Test
  void aCertificateWithoutItsKeyIsRefusedInEachSection() {
    for (String section : List.of("api", "site", "connect")) {
      String variable = "PARLEY_" + section.toUpperCase() + "_TLS_CERTIFICATE";
      assertThatThrownBy(() -> load(Map.of(variable, "server.pem")))
          .hasMessageStartingWith(section + ".tls-key is missing");
    }
  }

  @Test
  void aListIsWrittenWithCommas() {
    JsonObject config =
        load(Map.of("PARLEY_API_CORS_ORIGINS", "https://a.example, https://b.example"));
    assertThat(api(config).corsOrigins())
        .isEqualTo(List.of("https://a.example", "https://b.example"));
  }

  @Test
  void anEmptyVariableCountsAsAbsent() {
    assertThat(api(load(Map.of("PARLEY_API_PORT", ""))).port()).isEqualTo(7070);
  }

  @Test
  void variablesThatAreNoSettingsArePassedOver() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PARLEY_JAVA_OPTS", "-Xmx1g");
    environment.put("PARLEY_PASSWORD", "x");
    assertThat(load(environment)).isNotNull();
  }

  @Test
  void anUnknownVariableStopsTheStartAndNamesTheLikelyOne() {
    assertThatThrownBy(() -> load(Map.of("PARLEY_API_PROT", "1")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("PARLEY_API_PROT")
        .hasMessageContaining("did you mean PARLEY_API_PORT?");
  }

  @Test
  void aVariableWithABadValueIsNamed() {
    assertThatThrownBy(() -> load(Map.of("PARLEY_API_PORT", "seven")))
        .hasMessage("PARLEY_API_PORT must be a whole number, not seven");
    assertThatThrownBy(() -> load(Map.of("PARLEY_CONNECT_WS_PORT", "70000")))
        .hasMessageContaining("connect.ws-port")
        .hasMessageContaining("70000");
  }

  @Test
  void anUnknownSectionOrKeyStopsTheStartAndNamesTheLikelyOne() {
    assertThatThrownBy(() -> Settings.load(file("reddis:\n  partitions: 4\n"), Map.of(), null))
        .hasMessage("unknown setting reddis; did you mean redis?");
    assertThatThrownBy(() -> Settings.load(file("api:\n  prt: 4\n"), Map.of(), null))
        .hasMessage("unknown setting api.prt; did you mean api.port?");
  }

  @Test
  void aBadValueInTheFileIsNamed() {
    assertThatThrownBy(() -> Settings.load(file("api:\n  deadline: 5 parsecs\n"), Map.of(), null))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("api.deadline");
    assertThatThrownBy(() -> Settings.load(file("api: 7070\n"), Map.of(), null))
        .hasMessageContaining("api");
  }

  @Test
  void aFileThatIsNotYamlOrNotThereIsNamed() {
    assertThatThrownBy(() -> Settings.load(file("api: [1, \n b: }"), Map.of(), null))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("is not YAML");
    assertThatThrownBy(() -> Settings.load("conf/nothing.yaml", Map.of(), null))
        .hasMessage("there is no settings file conf/nothing.yaml");
  }

  @Test
  void jsonIsTakenAsItIs() {
    assertThat(api(Settings.load("{\"api\":{\"port\":7373}}", Map.of(), null)).port())
        .isEqualTo(7373);
  }

  private JsonObject load(Map<String, String> environment) {
    return Settings.load(null, environment, folder.toString());
  }

  private static ConnectSettings connect(JsonObject config) {
    return SettingsReader.section(config, "connect", ConnectSettings.class);
  }

  private static ApiSettings api(JsonObject config) {
    return SettingsReader.section(config, "api", ApiSettings.class);
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("settings.yaml"), yaml).toString();
  }
}
