package chat.parley.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TaskSettingsTest {
  @Test
  void whatIsNotSetHasItsDefault() {
    TaskSettings settings = read(new JsonObject());
    assertThat(settings.poll()).isEqualTo(Duration.ofMillis(100));
    assertThat(settings.roomHistory()).isEqualTo(10_000);
  }

  @Test
  void aBadValueIsNamed() {
    assertThatThrownBy(() -> read(new JsonObject().put("batch", -1)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("task.batch");
    assertThatThrownBy(() -> read(new JsonObject().put("poll", "0ms")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("task.poll");
    assertThatThrownBy(() -> read(new JsonObject().put("gather", "0ms")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("task.gather");
    assertThatThrownBy(() -> read(new JsonObject().put("max-unsettled", 10)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("task.max-unsettled");
  }

  static TaskSettings read(JsonObject section) {
    return SettingsReader.section(
        new JsonObject().put("task", section), "task", TaskSettings.class);
  }
}
