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
import java.util.ArrayList;
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

  @Test
  void drainedInstanceLeavesItsRequestsToAnother() {
    SessionOpened session = registered("traveller");
    await(join(session.getToken(), 2));
    String other = deploy();
    List<Future<SendAck>> sent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sent.add(send(session, 2));
    }
    Future<Void> gone = vertx.undeploy(deployment);
    for (int i = 0; i < 200; i++) {
      sent.add(send(session, 2));
    }
    await(gone);
    sent.add(send(session, 2));
    await(Future.all(sent));

    assertThat(sent).extracting(ack -> ack.result().getSeq()).doesNotHaveDuplicates();
    deployment = other;
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
    return send(session, 1);
  }

  private Future<SendAck> send(SessionOpened session, long room) {
    return ask(logic -> logic.send(toRoom(session.getToken(), room, "hello").build()));
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
