package chat.parley.stores.redis.embedded;

import static chat.parley.stores.redis.Waiting.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisTest {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  @TempDir Path data;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
    EmbeddedRedis.start(data).close();
  }

  @Test
  void itIsSetToLoseNothingAndHasAPassword() throws IOException {
    try (EmbeddedRedis redis = EmbeddedRedis.start(data);
        AdminConnection admin = new AdminConnection(endpointOf(redis), DEADLINE)) {
      assertThat(admin.call("CONFIG", "GET", "appendfsync")).contains("always");
      assertThat(admin.call("CONFIG", "GET", "bind")).contains("127.0.0.1");
      assertThat(redis.password()).hasSizeGreaterThan(40);
      assertThat(redis.description())
          .contains("found on the PATH")
          .doesNotContain(redis.password());
      for (String secret : List.of("redis.json", "redis.conf")) {
        assertThat(Files.getPosixFilePermissions(data.resolve("redis").resolve(secret)))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  @Test
  void theLastOneOutStopsIt() throws IOException {
    EmbeddedRedis first = EmbeddedRedis.start(data);
    long pid = first.pid();
    Process other = holder();
    EmbeddedRedis third = EmbeddedRedis.start(data);
    assertThat(third.pid()).isEqualTo(pid);
    first.close();
    other.destroyForcibly();
    assertThat(RedisChild.isGone(pid)).isFalse();
    awaitUntil(() -> !other.isAlive());
    third.close();
    third.close();
    assertThat(RedisChild.isGone(pid)).isTrue();
    assertThat(data.resolve("redis/redis.json")).doesNotExist();
  }

  @Test
  void oneLeftBehindByAKilledProcessIsUsed() throws IOException {
    Process killed = holder();
    long pid = RedisEndpoint.read(data.resolve("redis")).orElseThrow().pid();
    killed.destroyForcibly();
    awaitUntil(() -> !killed.isAlive());
    assertThat(RedisChild.isGone(pid)).isFalse();
    try (EmbeddedRedis redis = EmbeddedRedis.start(data)) {
      assertThat(redis.pid()).isEqualTo(pid);
      assertThat(redis.description()).contains("running already");
    }
    assertThat(RedisChild.isGone(pid)).isTrue();
  }

  @Test
  void aFrozenOneLeftBehindIsEndedAndKeepsItsData() throws Exception {
    Process killed = holder();
    RedisEndpoint left = RedisEndpoint.read(data.resolve("redis")).orElseThrow();
    try (AdminConnection admin = new AdminConnection(left, DEADLINE)) {
      admin.call("SET", "k", "kept");
    }
    new ProcessBuilder("kill", "-STOP", Long.toString(left.pid())).start().waitFor();
    killed.destroyForcibly();
    awaitUntil(() -> !killed.isAlive());
    try (EmbeddedRedis redis = EmbeddedRedis.start(data);
        AdminConnection admin = new AdminConnection(endpointOf(redis), DEADLINE)) {
      assertThat(redis.pid()).isNotEqualTo(left.pid());
      assertThat(RedisChild.isGone(left.pid())).isTrue();
      assertThat(admin.call("GET", "k")).containsExactly("kept");
    }
  }

  @Test
  void oneThatDiesComesBackOnItsPortWithItsData() throws IOException {
    try (EmbeddedRedis redis = EmbeddedRedis.start(data);
        EmbeddedRedis sharing = EmbeddedRedis.start(data)) {
      RedisEndpoint before = endpointOf(redis);
      try (AdminConnection admin = new AdminConnection(before, DEADLINE)) {
        admin.call("SET", "k", "kept");
      }
      ProcessHandle.of(before.pid()).orElseThrow().destroyForcibly();
      awaitUntil(() -> redis.pid() != before.pid() && sharing.pid() == redis.pid());
      assertThat(redis.port()).isEqualTo(before.port());
      try (AdminConnection admin = new AdminConnection(endpointOf(redis), DEADLINE)) {
        assertThat(admin.call("GET", "k")).containsExactly("kept");
      }
    }
  }

  @Test
  void withoutRedisOnThePathTheCarriedOneServes() {
    try (EmbeddedRedis redis = EmbeddedRedis.start(data, "/nonexistent")) {
      assertThat(redis.description()).contains("carried by the embedded-redis library");
    }
  }

  @Test
  void anOldRedisIsRefusedInOneSentence() throws IOException {
    Path old = data.resolve("redis-server");
    Files.writeString(old, "#!/bin/sh\necho 'Redis server v=5.0.14 sha=0'\n");
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwx------"));
    assertThatThrownBy(() -> EmbeddedRedis.start(data, data.toString()))
        .isInstanceOf(RedisUnusableException.class)
        .hasMessage(old + " is Redis 5.0, and Redis 6.2 or newer is needed.");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(data.resolve("a-file"));
    assertThatThrownBy(() -> EmbeddedRedis.start(file))
        .isInstanceOf(RedisUnusableException.class)
        .hasMessageStartingWith("The folder " + file.resolve("redis") + " cannot be written");
  }

  /** Another process that has a share in the Redis of the folder, and can be killed. */
  private Process holder() throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RedisHolder.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(out.readLine()).isEqualTo("holding");
    return process;
  }

  private static RedisEndpoint endpointOf(EmbeddedRedis redis) {
    return new RedisEndpoint(redis.host(), redis.port(), redis.password(), redis.pid());
  }
}
