package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.chaos.ports.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What keeps the program from starting is one sentence on stderr and an exit code; no trace. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StartFailuresTest {
  @TempDir Path folder;

  private Map<String, String> freePorts;

  private record Ended(int exitCode, String text) {}

  @BeforeEach
  void choosePorts() {
    freePorts =
        Map.of(
            "PARLEY_SITE_PORT", "" + Ports.free(),
            "PARLEY_API_PORT", "" + Ports.free(),
            "PARLEY_CONNECT_WS_PORT", "" + Ports.free(),
            "PARLEY_CONNECT_TCP_PORTS", "" + Ports.free(),
            "PARLEY_MANAGEMENT_PORT", "" + Ports.free(),
            "PARLEY_CLUSTER_PORT", "" + Ports.free(),
            "PARLEY_CLUSTER_PORT_COUNT", "1");
  }

  @Test
  void aTakenPortIsNamedWithItsSetting() throws Exception {
    for (String setting : List.of("api.port", "connect.tcp-ports", "management.port")) {
      String variable = "PARLEY_" + setting.replaceAll("[.-]", "_").toUpperCase();
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        String port = String.valueOf(taken.getLocalPort());
        Ended ended = up(Map.of(variable, port));
        assertOneSentence(ended, StartFailure.ENVIRONMENT, port, setting, variable);
      }
    }
  }

  @Test
  void takenClusterPortsAreNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = String.valueOf(taken.getLocalPort());
      Ended ended = up(Map.of("PARLEY_CLUSTER_PORT", port));
      assertOneSentence(ended, StartFailure.ENVIRONMENT, port, "cluster.port");
    }
    assertThat(Files.exists(folder.resolve("redis/redis.json"))).isFalse();
  }

  @Test
  void aDataFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Ended ended = run("up", "--data", file.resolve("data").toString());
    assertOneSentence(ended, StartFailure.ENVIRONMENT, file.toString(), "--data");
  }

  @Test
  void aDatabaseThatIsAwayIsOneSentence() throws Exception {
    Ended ended =
        up(
            Map.of(
                "PARLEY_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/parley"));
    assertOneSentence(ended, StartFailure.ENVIRONMENT, "database");
  }

  @Test
  void aRedisThatLosesDataIsRefused() throws Exception {
    String port = "" + Ports.free();
    Process redis =
        new ProcessBuilder("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Ended ended = up(Map.of("PARLEY_REDIS_ADDRESS", "redis://127.0.0.1:" + port));
      assertOneSentence(ended, StartFailure.ENVIRONMENT, "appendonly");
    } finally {
      redis.destroy();
      redis.waitFor();
    }
  }

  @Test
  void wrongUsageEndsWithCodeTwo() throws Exception {
    assertOneSentence(run("upp"), StartFailure.USAGE, "there is no command upp");
    assertOneSentence(run("run", "conect"), StartFailure.USAGE, "no verticle conect");
    assertOneSentence(
        up(Map.of("PARLEY_API_PROT", "1")), StartFailure.USAGE, "did you mean PARLEY_API_PORT?");
  }

  private static void assertOneSentence(Ended ended, int exitCode, String... parts) {
    List<String> lines = ended.text().lines().filter(line -> !line.contains(" INFO ")).toList();
    assertThat(lines).as(ended.text()).hasSize(1);
    assertThat(lines.get(0)).startsWith("parley: ").contains(parts);
    assertThat(ended.exitCode()).isEqualTo(exitCode);
  }

  private Ended up(Map<String, String> environment) throws Exception {
    return run(environment, List.of("up", "--data", folder.resolve("data").toString()));
  }

  private Ended run(String... args) throws Exception {
    return run(Map.of(), List.of(args));
  }

  private Ended run(Map<String, String> environment, List<String> args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"));
    command.addAll(List.of("--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"));
    command.addAll(List.of("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"));
    command.addAll(List.of("--add-opens=java.management/sun.management=ALL-UNNAMED"));
    command.addAll(List.of("--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
    builder.environment().putAll(freePorts);
    builder.environment().putAll(environment);
    Path output = Files.createTempFile(folder, "output", "");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      int exitCode = process.waitFor();
      return new Ended(exitCode, Files.readString(output));
    } finally {
      process.destroyForcibly();
    }
  }
}
