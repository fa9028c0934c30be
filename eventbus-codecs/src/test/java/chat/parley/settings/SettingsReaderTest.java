package chat.parley.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
  record Web(int wsPort, Duration idle, List<Integer> tcpPorts) {
    Web {
      idle = idle == null ? Duration.ofSeconds(1) : idle;
      if (wsPort < 0) {
        throw new SettingsException("web.ws-port must not be negative, it is " + wsPort);
      }
    }
  }

  @Test
  void aSectionBecomesItsRecord() {
    Web web = read("{\"ws-port\":7000,\"idle\":\"250ms\",\"tcp-ports\":[1,2]}");
    assertThat(web).isEqualTo(new Web(7000, Duration.ofMillis(250), List.of(1, 2)));
  }

  @Test
  void whatIsMissingHasItsDefault() {
    assertThat(SettingsReader.section(new JsonObject(), "web", Web.class).idle())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void anUnknownKeyIsNamed() {
    assertRefused("{\"wsport\":1}", "unknown setting web.wsport");
  }

  @Test
  void aValueOfTheWrongTypeIsNamed() {
    assertRefused("{\"ws-port\":\"many\"}", "web.ws-port");
  }

  @Test
  void aBadDurationIsNamedAndShownHowToWrite() {
    assertRefused("{\"idle\":\"soon\"}", "web.idle");
    assertRefused("{\"idle\":\"soon\"}", "for example 5s, not soon");
  }

  @Test
  void whatTheRecordRefusesIsSaidInItsWords() {
    assertRefused("{\"ws-port\":-1}", "web.ws-port must not be negative, it is -1");
  }

  @Test
  void aSingleValueInPlaceOfASectionIsNamed() {
    assertThatThrownBy(
            () -> SettingsReader.section(new JsonObject().put("web", 1), "web", Web.class))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("web");
  }

  private static void assertRefused(String section, String words) {
    assertThatThrownBy(() -> read(section))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(words);
  }

  private static Web read(String section) {
    return SettingsReader.section(
        new JsonObject().put("web", new JsonObject(section)), "web", Web.class);
  }
}
