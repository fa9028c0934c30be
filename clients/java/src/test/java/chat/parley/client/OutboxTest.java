package chat.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboxTest extends ClientFixture {
  private static ServerFrame error(Send send, Error.Code code, boolean retryable) {
    return ServerFrame.newBuilder()
        .setError(
            Error.newBuilder()
                .setCode(code)
                .setMessage("said by the test")
                .setRetryable(retryable)
                .setClientMessageId(send.getClientMessageId()))
        .build();
  }

  private static List<Send> sends(Peer.Connection connection, int count) {
    List<Send> sends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sends.add(connection.expectSend());
    }
    return sends;
  }

  @Test
  void unacknowledgedGoAgainInOrderWithTheSameIdsAndSaySo() throws Exception {
    ParleyClient client = started();
    Peer.Connection connection = peer.acceptAndWelcome();
    List<CompletableFuture<Ack>> acks = new ArrayList<>();
    for (String text : List.of("a", "b", "c", "d")) {
      acks.add(client.sendToRoom(7, text));
    }
    List<Send> before = sends(connection, 4);
    assertThat(before).extracting(Send::getText).containsExactly("a", "b", "c", "d");
    assertThat(before).extracting(Send::getResend).containsOnly(false);
    connection.ack(before.get(0), "room:7", 1);
    acks.get(0).get(20, TimeUnit.SECONDS);
    connection.cut();

    Peer.Connection next = peer.acceptAndWelcome();
    List<Send> again = sends(next, 3);
    assertThat(again)
        .extracting(Send::getClientMessageId)
        .isEqualTo(before.subList(1, 4).stream().map(Send::getClientMessageId).toList());
    assertThat(again).extracting(Send::getResend).containsOnly(true);
    for (int i = 0; i < 3; i++) {
      next.ack(again.get(i), "room:7", 2 + i);
      assertThat(acks.get(1 + i).get(20, TimeUnit.SECONDS).seq()).isEqualTo(2 + i);
    }
    assertThat(client.unsent()).isZero();
    assertThat(state.outbox()).isEmpty();
  }

  @Test
  void neverMoreOnTheWireThanTheServerTakes() {
    ParleyClient client = started();
    Peer.Connection connection = peer.acceptAndWelcome();
    for (int i = 0; i < 10; i++) {
      client.sendToRoom(i, "m" + i);
    }
    List<Send> first = sends(connection, 4);
    // An answer that comes back shows that nothing else was sent before.
    client.findUser("test");
    assertThat(connection.request().hasFindUser()).isTrue();
    connection.ack(first.get(0), "room:0", 1);
    assertThat(connection.expectSend().getText()).isEqualTo("m4");
  }

  @Test
  void afterARetryableErrorItAndAllBehindItGoAgainInOrder() {
    ParleyClient client = started();
    Peer.Connection connection = peer.acceptAndWelcome();
    for (String text : List.of("a", "b", "c")) {
      client.send("room:7", text);
    }
    List<Send> sends = sends(connection, 3);
    connection.send(error(sends.get(0), Error.Code.OVERLOADED, true));
    connection.send(error(sends.get(1), Error.Code.OVERLOADED, true));
    connection.send(error(sends.get(2), Error.Code.OVERLOADED, true));
    List<Send> again = sends(connection, 3);
    assertThat(again).extracting(Send::getText).containsExactly("a", "b", "c");
    assertThat(again).extracting(Send::getResend).containsOnly(true);
  }

  @Test
  void finalRefusalEndsOneMessageAndNoOther() throws Exception {
    ParleyClient client = started();
    Peer.Connection connection = peer.acceptAndWelcome();
    var refused = client.sendToUser(9, "a");
    var taken = client.send("direct:3:9", "b");
    List<Send> sends = sends(connection, 2);
    connection.send(error(sends.get(0), Error.Code.FORBIDDEN, false));
    connection.ack(sends.get(1), "direct:3:9", 1);
    assertThatThrownBy(() -> refused.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo("FORBIDDEN"));
    assertThat(taken.get(20, TimeUnit.SECONDS).seq()).isEqualTo(1);
    assertThat(state.outbox()).isEmpty();
  }

  @Test
  void messageThatWouldEndTheConnectionIsRefusedHere() {
    ParleyClient client = started();
    peer.acceptAndWelcome();
    assertThatThrownBy(() -> client.sendToRoom(7, "x".repeat(70_000)).get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo("TOO_LARGE"));
  }

  @Test
  void fullOutboxIsNamedAndWhatWaitsOutlivesTheClient() {
    ParleyClient client = described(peer.address()).build();
    List<CompletableFuture<Ack>> acks = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      acks.add(client.sendToRoom(7, "m" + i));
    }
    assertThatThrownBy(() -> client.sendToRoom(7, "one more").get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            ParleyException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ParleyException.OUTBOX_FULL);
              assertThat(e.retryable()).isTrue();
            });
    client.close();
    assertThat(acks).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(state.outbox()).hasSize(10_000).first().extracting(Unsent::text).isEqualTo("m0");
  }
}
