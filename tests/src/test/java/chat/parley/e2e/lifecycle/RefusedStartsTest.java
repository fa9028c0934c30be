package chat.parley.e2e.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.chaos.ports.Ports;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Endpoints;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot work ends at once, in one sentence that names the cause and an exit code. */
class RefusedStartsTest {
  /** A Redis that may only be slow to start is waited for, and that is said. */
  private static final String WAITING = "waiting: Redis";

  private static void assertRefused(ParleyProcess.Builder start, String... named) {
    try (ParleyProcess refused = start.launch()) {
      assertThat(refused.awaitExit()).isNotZero();
      List<String> said =
          refused
              .output()
              .lines()
              .filter(line -> !line.isBlank() && !line.contains(WAITING))
              .toList();
      assertThat(said).as("what it printed").hasSize(1);
      assertThat(said.get(0)).contains(named).doesNotContain("Exception", "\tat ");
      Eventually.eventually("no child", () -> refused.livingChildren().isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "site", "ws", "tcp"})
  void takenPortIsNamed(String which) throws IOException {
    Endpoints ports = Endpoints.free();
    int port =
        switch (which) {
          case "api" -> ports.api();
          case "site" -> ports.site();
          case "ws" -> ports.ws();
          default -> ports.tcp();
        };
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assertRefused(ParleyProcess.up(DataFolder.create()).at(ports), "" + port, "taken");
    }
  }

  @Test
  void dataFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(DataFolder.create().resolve("file"), "not a folder");
    assertRefused(ParleyProcess.up(file.resolve("data")), file.toString());
    // Not even root may create something there.
    assertRefused(ParleyProcess.up(Path.of("/proc/parley")), "/proc/parley");
  }

  @Test
  void unknownOrBadSettingIsNamed() throws IOException {
    Path data = DataFolder.create();
    assertRefused(ParleyProcess.up(data).with("PARLEY_API_PROT", "7070"), "PARLEY_API_PROT");
    assertRefused(ParleyProcess.up(data).with("PARLEY_REDIS_PARTITIONS", "many"), "PARTITIONS");
    assertRefused(
        ParleyProcess.up(data).with("PARLEY_CONNECT_PING_INTERVAL", "soon"), "ping-interval");
    Path conf = Files.writeString(data.resolve("bad.yaml"), "api:\n  prot: 7070\n");
    assertRefused(
        ParleyProcess.command("up", "up", "--conf", conf.toString(), "--data", data.toString()),
        "api.prot");
    assertRefused(ParleyProcess.command("no-such-command", "frobnicate"), "frobnicate");
  }

  @Test
  void certificateThatCannotBeServedIsNamedWithItsSetting() {
    Path data = DataFolder.create();
    TestCertificate certificate = new TestCertificate(data);
    String file = certificate.certificate().toString();
    assertRefused(
        ParleyProcess.up(data).with("PARLEY_CONNECT_TLS_CERTIFICATE", file),
        "connect.tls-key is missing");
    assertRefused(
        ParleyProcess.up(data)
            .with("PARLEY_API_TLS_CERTIFICATE", data.resolve("none.pem").toString())
            .with("PARLEY_API_TLS_KEY", certificate.key().toString()),
        "api.tls-certificate",
        "none.pem");
    assertRefused(
        ParleyProcess.up(data)
            .with("PARLEY_SITE_TLS_CERTIFICATE", file)
            .with("PARLEY_SITE_TLS_KEY", new TestCertificate(DataFolder.create()).key().toString()),
        "site.tls-key",
        "not the key of the certificate");
  }

  @Test
  void redisThatIsNotThereOrWouldLoseDataIsNamed() throws Exception {
    int port = Ports.free();
    assertRefused(
        ParleyProcess.up(DataFolder.create())
            .with("PARLEY_REDIS_ADDRESS", "redis://127.0.0.1:" + port),
        "Redis",
        "" + port);
    Process forgetful =
        new ProcessBuilder("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", "")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Eventually.eventually(
          "redis-server to listen",
          () -> {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
              return probe.isConnected();
            }
          });
      assertRefused(
          ParleyProcess.up(DataFolder.create())
              .with("PARLEY_REDIS_ADDRESS", "redis://127.0.0.1:" + port),
          "Redis",
          "append");
    } finally {
      forgetful.destroyForcibly();
    }
  }
}
