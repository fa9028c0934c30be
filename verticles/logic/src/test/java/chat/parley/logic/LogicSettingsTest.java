package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogicSettingsTest {
  @Test
  void whatIsNotSetHasItsDefault() {
    LogicSettings settings = read(new JsonObject());

    assertThat(settings.argon2MemoryKib()).isEqualTo(19_456);
    assertThat(settings.roomPosting()).isEqualTo(LogicSettings.RoomPosting.JOINED);
    assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.maxDevicesPerUser()).isEqualTo(50);
  }

  @Test
  void policyIsReadByItsName() {
    assertThat(read(new JsonObject().put("room-posting", "open")).roomPosting())
        .isEqualTo(LogicSettings.RoomPosting.OPEN);
  }

  @Test
  void badValueStopsTheStartAndIsNamed() {
    assertThatThrownBy(() -> read(new JsonObject().put("history-page-limit", -1)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("logic.history-page-limit");
    assertThatThrownBy(() -> read(new JsonObject().put("room-posting", "maybe")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("logic.room-posting");
    assertThatThrownBy(() -> read(new JsonObject().put("argon", 1)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("logic.argon");
  }

  @Test
  void developmentAccountsNeedAPassword() {
    JsonObject config =
        new JsonObject()
            .put(
                "development-accounts", new JsonObject().put("names", new JsonArray().add("demo")));
    assertThatThrownBy(
            () ->
                SettingsReader.section(
                    config, "development-accounts", DevelopmentAccounts.Settings.class))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("development-accounts.password");
  }

  private static LogicSettings read(JsonObject section) {
    return SettingsReader.section(
        new JsonObject().put("logic", section), "logic", LogicSettings.class);
  }
}
