package chat.parley.e2e.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.History;
import chat.parley.e2e.support.Load;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.Room;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class StartAndStopTest {

  @Test
  void orderlyStopLeavesNoChildAndTheNextStartHasEverything(TestReporter reporter) {
    Path data = DataFolder.create();
    long room = Clients.newRoom();
    User user;
    try (ParleyProcess first = ParleyProcess.up(data).start();
        Clients clients = new Clients(first.endpoints())) {
      user = clients.newUser();
      V1WebSocket socket = clients.join(user, room);
      clients.http().pushRoom(user, room, "from the first life");
      socket.awaitText("from the first life");
      assertThat(first.redis()).as("embedded Redis").isPresent();

      assertThat(first.terminate()).isZero();
      assertThat(first.output()).as("what else was said").doesNotContain("WARN", "ERROR");
      assertThat(socket.awaitClose().code()).isEqualTo(1012);
      Eventually.eventually("no child", () -> first.livingChildren().isEmpty());
    }
    long start = System.nanoTime();
    try (ParleyProcess second = ParleyProcess.up(data).start();
        Clients clients = new Clients(second.endpoints())) {
      reporter.publishEntry("second start, ms", "" + (System.nanoTime() - start) / 1_000_000);
      assertThat(clients.http().checkAuth(user.token()).ok()).as("session from before").isTrue();
      assertThat(History.of(clients.http(), user, room).texts())
          .containsExactly("from the first life");
      clients.join(user, room);
      clients.http().pushRoom(user, room, "from the second life");
      Eventually.eventually(
          "seqs that go on where they stopped",
          () -> History.of(clients.http(), user, room).texts().size() == 2);
    }
  }

  @Test
  void stopIsAnnouncedWhileEverythingIsServedAndASecondSignalEndsItAtOnce() {
    try (ParleyProcess parley =
            ParleyProcess.up(DataFolder.create())
                .with("PARLEY_DRAIN_ANNOUNCE", "10m")
                .with("PARLEY_DRAIN_DEADLINE", "11m")
                .start();
        Clients clients = new Clients(parley.endpoints())) {
      User user = clients.newUser();
      long room = Clients.newRoom();
      parley.tell();
      Eventually.eventually("not to be ready", () -> !parley.isReady());
      V1WebSocket socket = clients.join(user, room);
      clients.http().pushRoom(user, room, "served to the end");
      socket.awaitText("served to the end");
      assertThat(parley.terminate()).isEqualTo(143);
      assertThat(parley.output())
          .contains("told twice to end; not finished: ", "1 of connect", "leaving the cluster");
      Eventually.eventually("no child", () -> parley.livingChildren().isEmpty());
    }
  }

  /** A client that never closes its side is waited for, but not for ever. */
  @Test
  void stopEndsAtItsDeadlineAndSaysWhatIsNotFinished() {
    try (ParleyProcess parley =
            ParleyProcess.up(DataFolder.create()).with("PARLEY_DRAIN_DEADLINE", "1s").start();
        Clients clients = new Clients(parley.endpoints());
        V1Tcp neverCloses = V1Tcp.stuck(parley.endpoints().tcp())) {
      User user = clients.newUser();
      long room = Clients.newRoom();
      V1Client hears = clients.join(user, room);
      neverCloses.say(user.token(), room, "and stays");
      hears.awaitText("and stays");
      assertThat(parley.terminate()).isEqualTo(3);
      assertThat(parley.output())
          .contains("the deadline of 1 s has come; not finished: ", "1 of connect, 1 of logic");
      Eventually.eventually("no child", () -> parley.livingChildren().isEmpty());
    }
  }

  @Test
  void redisOfAKilledParentIsNotFoughtOverAndNothingAcknowledgedIsLost() {
    Path data = DataFolder.create();
    long room = Clients.newRoom();
    try (ParleyProcess first = ParleyProcess.up(data).start();
        Clients clients = new Clients(first.endpoints())) {
      User user = clients.newUser();
      clients.join(user, room);
      try (Load load = new Load(List.of(clients.http()), List.of(user), room)) {
        load.awaitMore(100);
        first.kill9();
        load.stop();
        try (ParleyProcess second = ParleyProcess.up(data).start();
            Clients after = new Clients(second.endpoints())) {
          load.awaitKept(after.http(), user);
          User again = after.http().loggedIn(user.name(), user.password());
          V1WebSocket socket = after.join(again, room);
          after.http().pushRoom(again, room, "after the crash");
          socket.awaitText("after the crash");
          long servers =
              ProcessHandle.allProcesses()
                  .filter(process -> isRedisOf(process, first, second))
                  .count();
          assertThat(servers).as("living Redis servers of this data").isEqualTo(1);
          second.terminate();
          Eventually.eventually(
              "no Redis of this data left",
              () ->
                  ProcessHandle.allProcesses()
                      .noneMatch(process -> isRedisOf(process, first, second)));
        }
      }
    }
  }

  private static boolean isRedisOf(ProcessHandle process, ParleyProcess one, ParleyProcess other) {
    return one.everHad(process) || other.everHad(process);
  }

  @Test
  void killedRedisComesBackAndNothingAcknowledgedIsLost() {
    long room = Clients.newRoom();
    try (ParleyProcess parley = ParleyProcess.up(DataFolder.create()).start();
        Clients clients = new Clients(parley.endpoints())) {
      User user = clients.newUser();
      User other = clients.newUser();
      V1Client socket = clients.join(user, room);
      clients.join(other, room);
      try (Load load = new Load(List.of(clients.http()), List.of(user, other), room)) {
        load.awaitMore(100);
        ProcessHandle redis = parley.redis().orElseThrow();
        redis.destroyForcibly();
        Eventually.eventually(
            "another Redis",
            () -> parley.redis().filter(now -> now.pid() != redis.pid()).isPresent());
        load.awaitMore(100);
        History history = load.awaitKept(clients.http(), user);
        Eventually.holds(() -> Room.assertHeardAll(socket, history));
        assertThat(parley.isAlive()).isTrue();
      }
    }
  }

  @Test
  void twoServersWithDataOfTheirOwnDoNotMeet() {
    long room = Clients.newRoom();
    try (ParleyProcess one = ParleyProcess.up(DataFolder.create()).amongOthers().start();
        ParleyProcess two = ParleyProcess.up(DataFolder.create()).amongOthers().start();
        Clients here = new Clients(one.endpoints());
        Clients there = new Clients(two.endpoints())) {
      User first = here.newUser();
      User second = there.newUser();
      V1WebSocket hears = here.join(first, room);
      V1WebSocket overhears = there.join(second, room);
      assertThat(there.http().checkAuth(first.token()).code()).isEqualTo(40000);
      here.http().pushRoom(first, room, "among ourselves");
      hears.awaitText("among ourselves");
      there.http().pushRoom(second, room, "among the others");
      overhears.awaitText("among the others");
      assertThat(hears.texts()).containsExactly("among ourselves");
      assertThat(overhears.texts()).containsExactly("among the others");
      Optional<ProcessHandle> redis = one.redis();
      assertThat(redis).isPresent();
      assertThat(two.redis()).isPresent().isNotEqualTo(redis);
    }
  }
}
