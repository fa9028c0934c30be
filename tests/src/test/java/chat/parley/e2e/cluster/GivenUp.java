package chat.parley.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.Counters;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Login;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * SIGSTOP, SIGCONT: what a process finds in its sockets when it goes on has been given up. Each
 * login of a device ends the session of the one before.
 */
final class GivenUp {
  private static final String UNREAD = "parley_standstills_unread_total";

  /** Longer than the second from which on a process takes it for one. */
  private static final Duration STANDSTILL = Duration.ofSeconds(2);

  private GivenUp() {}

  /** Whoever asked was told that there is no answer, and has logged in by the other process. */
  static void assertALoginThatWaitedInAFrozenLogicProcessEndsNoNewerSession(Cluster cluster) {
    V2Http http = new V2Http(cluster.member("api", 0).endpoints().apiAddress());
    Login device = http.newUser();
    ParleyProcess frozen = cluster.member("logic", 0);
    // Both have been asked, and know how old what comes from this process is.
    http.again(http.again(device));
    long lateBefore = late(frozen);

    Login newest = device;
    frozen.freeze();
    try {
      boolean unanswered = false;
      boolean again = true;
      while (again) {
        try {
          newest = http.again(device);
          again = !unanswered;
        } catch (AssertionError noAnswer) {
          unanswered = true;
        }
      }
    } finally {
      frozen.thaw();
    }

    Eventually.eventually("what came too late is found", () -> late(frozen) > lateBefore);
    assertThat(http.devices(newest.token()).ok()).as("the newest session is there").isTrue();
  }

  /** The client has hung up; its request is in the socket of the process, and its end behind it. */
  static void assertALoginThatWaitedInAFrozenApiProcessIsNotReadWhenItsClientHasGone(
      Cluster cluster) throws IOException {
    ParleyProcess frozen = cluster.member("api", 0);
    V2Http http = new V2Http(cluster.member("api", 1).endpoints().apiAddress());
    // Both logic processes have been asked by this API: to find each other for the first time they
    // may need the process that stands still.
    Login device = http.again(http.again(http.newUser()));
    long unreadBefore = Counters.of(frozen).sum(UNREAD);
    String body =
        Json.of("userName", device.userName(), "password", V2Http.passwordOf(device.userName()))
            .<ObjectNode>set("device", Json.of("id", "" + device.deviceId()))
            .toString();

    frozen.freeze();
    Login newest;
    try {
      try (Socket gone = new Socket("127.0.0.1", frozen.endpoints().api())) {
        String head =
            "POST /api/v2/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n";
        gone.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
      }
      long end = System.nanoTime() + STANDSTILL.toNanos();
      newest = http.again(device);
      Eventually.eventually("a standstill", () -> System.nanoTime() > end);
    } finally {
      frozen.thaw();
    }

    Eventually.eventually(
        "what was left is thrown away", () -> Counters.of(frozen).sum(UNREAD) > unreadBefore);
    assertThat(http.devices(newest.token()).ok()).as("the newest session is there").isTrue();
  }

  private static long late(ParleyProcess logic) {
    return Counters.of(logic).sum("parley_logic_requests_late_total");
  }
}
