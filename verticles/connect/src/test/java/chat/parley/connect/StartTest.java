package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {
  @TempDir Path folder;

  @Test
  void aTakenPortFailsTheStartWithASentenceThatNamesPortAndSetting() {
    try (ConnectMesh mesh = new ConnectMesh(folder)) {
      JsonObject config = mesh.config().copy();
      config.getJsonObject("connect").put("host", "0.0.0.0");
      assertThatThrownBy(
              () ->
                  Await.get(
                      mesh.vertx()
                          .deployVerticle(
                              ConnectVerticle.class.getName(),
                              new DeploymentOptions().setConfig(config))))
          .hasRootCauseInstanceOf(java.io.IOException.class)
          .hasStackTraceContaining("in use")
          .hasStackTraceContaining("port " + mesh.wsPort() + " (setting connect.ws-port)");
      mesh.wsIn(ConnectMesh.ROOM, mesh.rooms().user(1, "demo"));
    }
  }

  @Test
  void whatIsNoWebSocketIsNotFound() {
    try (ConnectMesh mesh = new ConnectMesh(folder)) {
      TcpClient http = new TcpClient(mesh.wsPort());
      http.send("GET /other HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      http.awaitClosed();
    }
  }

  @Test
  void badSettingsAreNamed() {
    assertThat(settings(new JsonObject()).tcpPorts()).containsExactly(7001, 7002);
    assertThatThrownBy(() -> settings(new JsonObject().put("ws-port", 70_000)))
        .isInstanceOf(SettingsException.class)
        .hasMessage("connect.ws-port must be 1 to 65535, not 70000");
    assertThatThrownBy(() -> settings(new JsonObject().put("tcp-ports", new JsonArray().add(-1))))
        .hasMessage("connect.tcp-ports must be 1 to 65535, not -1");
    assertThatThrownBy(() -> settings(new JsonObject().put("max-queued-bytes", 1000)))
        .hasMessage("connect.max-queued-bytes must be at least 131072, not 1000");
    assertThatThrownBy(() -> settings(new JsonObject().put("pong-deadline", "10s")))
        .hasMessageContaining("connect.pong-deadline must be longer");
    assertThatThrownBy(() -> settings(new JsonObject().put("time-zone", "Nowhere/Else")))
        .hasMessageContaining("Nowhere/Else");
  }

  private static ConnectSettings settings(JsonObject section) {
    return SettingsReader.section(
        new JsonObject().put("connect", section), "connect", ConnectSettings.class);
  }
}
