package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.Identity;
import chat.parley.proto.SendAck;
import chat.parley.proto.SessionOpened;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageTest extends LogicFixture {
  @Test
  void redisAwayIsARetryableErrorInTimeAndServedAgainAfterwards()
      throws IOException, InterruptedException {
    SessionOpened session = registered("patient");
    await(join(session.getToken(), 1));
    long pid = redis.pid();
    // Stopped first: it is away for as long as the test wants, whoever watches over it.
    signal("STOP", pid);
    List<Future<?>> during = List.of(check(session), send(session), login("patient", PASSWORD));
    try {
      for (Future<?> request : during) {
        assertThat(errorOf(request).code())
            .isIn(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
      }
    } finally {
      signal("KILL", pid);
    }

    // The session is a new one when the login of the outage took place after all.
    assertThat(await(servedAgain()).getIdentity().getUserName()).isEqualTo("patient");
  }

  private Future<SessionOpened> servedAgain() {
    Instant end = Instant.now().plusSeconds(20);
    return login("patient", PASSWORD)
        .recover(
            failure -> {
              assertThat(ChatError.of(failure).retryable()).isTrue();
              return Instant.now().isBefore(end)
                  ? vertx.timer(50).compose(elapsed -> servedAgain())
                  : Future.failedFuture(failure);
            });
  }

  private Future<Identity> check(SessionOpened session) {
    return ask(
        logic -> logic.checkAuth(CheckAuth.newBuilder().setToken(session.getToken()).build()));
  }

  private Future<SendAck> send(SessionOpened session) {
    return ask(logic -> logic.send(toRoom(session.getToken(), 1, "hello").build()));
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
