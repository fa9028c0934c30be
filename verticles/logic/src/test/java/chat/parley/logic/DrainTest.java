package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.SendAck;
import chat.parley.proto.SessionOpened;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;

class DrainTest extends LogicFixture {
  @RepeatedTest(5)
  void drainedInstanceLeavesItsRequestsToAnother() {
    SessionOpened session = registered("traveller" + System.nanoTime());
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

  private Future<SendAck> send(SessionOpened session, long room) {
    return ask(logic -> logic.send(toRoom(session.getToken(), room, "hello").build()));
  }
}
