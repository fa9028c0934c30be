package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.SendAck;
import chat.parley.proto.v2.ServerFrame;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a v2 client sends is accepted in its order, or refused in a way that keeps the order. */
class V2SendsTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private V2Client client;

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder, 1, new JsonObject(), new JsonObject().put("max-in-flight", 200));
    String demo = mesh.rooms().device(11, 1, "demo");
    mesh.rooms().devices().cursor(11, "room:7", 0);
    client = mesh.device(V2Client.Kind.PROTOBUF, demo);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void anAckNamesTheMessageAndAnswersItsFrame() {
    client.say(ROOM, "one", "hello");
    ServerFrame frame = client.await(ServerFrame.BodyCase.SEND_ACK);
    SendAck ack = frame.getSendAck();
    assertThat(frame.getRe()).isPositive();
    assertThat(ack.getClientMessageId()).isEqualTo("one");
    assertThat(ack.getConversation()).isEqualTo("room:7");
    assertThat(ack.getSeq()).isEqualTo(1);
    assertThat(ack.getId()).isPositive();
    assertThat(ack.getAcceptedAt()).isPositive();
    client.awaitSeq("room:7", 1);
    assertThat(client.messages("room:7").get(0).getClientMessageId()).isEqualTo("one");
  }

  @Test
  void manyUnderWayAreAnsweredInTheirOrderAndGoTogether() {
    mesh.rooms().hold(Addresses.SEND_MANY);
    say(1, 150);
    mesh.rooms().awaitHeld(Addresses.SEND_MANY);
    mesh.rooms().letGo(Addresses.SEND_MANY);
    assertThat(ids(client.await(ServerFrame.BodyCase.SEND_ACK, 150))).isEqualTo(names(1, 150));
    assertThat(mesh.rooms().devices().batches()).hasSizeLessThan(150);
    client.awaitSeq("room:7", 150);
    assertThat(client.texts("room:7")).isEqualTo(texts(1, 150));
  }

  @Test
  void oneConversationDoesNotWaitForAnother() {
    mesh.rooms().hold(Addresses.SEND_MANY);
    say(1, 1);
    mesh.rooms().awaitHeld(Addresses.SEND_MANY);
    client.send(Send.newBuilder().setToUserId(2).setClientMessageId("direct").setText("hello"));
    client.send(
        Send.newBuilder().setConversation("room:8").setClientMessageId("other").setText("hello"));
    Await.until("all three are asked", () -> mesh.rooms().devices().batches().size() == 3);
    mesh.rooms().letGo(Addresses.SEND_MANY);
    assertThat(client.await(ServerFrame.BodyCase.SEND_ACK, 3))
        .extracting(frame -> frame.getSendAck().getConversation())
        .containsExactly("room:7", "direct:1:2", "room:8");
  }

  @Test
  void moreUnderWayThanAllowedIsRefusedAndNothingThatWasInTimeIs() {
    mesh.rooms().hold(Addresses.SEND_MANY);
    say(1, 203);
    List<ServerFrame> refused = client.await(ServerFrame.BodyCase.ERROR, 3);
    mesh.rooms().letGo(Addresses.SEND_MANY);
    assertThat(ids(client.await(ServerFrame.BodyCase.SEND_ACK, 200))).isEqualTo(names(1, 200));
    assertThat(refused)
        .extracting(frame -> frame.getError().getClientMessageId())
        .containsExactly("id 201", "id 202", "id 203");
    assertThat(refused.get(0).getError().getCode()).isEqualTo(Error.Code.TOO_MANY_IN_FLIGHT);
    assertThat(refused.get(0).getError().getRetryable()).isTrue();
    say(204, 204);
    client.await(ServerFrame.BodyCase.ERROR, 4);
    sayAgain(201, 204);
    client.await(ServerFrame.BodyCase.SEND_ACK, 204);
    client.awaitSeq("room:7", 204);
    assertThat(client.texts("room:7")).isEqualTo(texts(1, 204));
  }

  @Test
  void nothingOvertakesAMessageThatMayBeAcceptedLater() {
    mesh.rooms().devices().refuse("text 3", ErrorCode.OVERLOADED);
    mesh.rooms().hold(Addresses.SEND_MANY);
    say(1, 10);
    mesh.rooms().awaitHeld(Addresses.SEND_MANY);
    mesh.rooms().letGo(Addresses.SEND_MANY);
    client.await(ServerFrame.BodyCase.ERROR, 8);
    say(11, 12);
    List<ServerFrame> errors = client.await(ServerFrame.BodyCase.ERROR, 10);
    assertThat(errors).allMatch(frame -> frame.getError().getRetryable());
    assertThat(errors.get(0).getError().getCode()).isEqualTo(Error.Code.OVERLOADED);
    sayAgain(3, 12);
    client.await(ServerFrame.BodyCase.SEND_ACK, 12);
    client.awaitSeq("room:7", 12);
    assertThat(client.texts("room:7")).isEqualTo(texts(1, 12));
  }

  @Test
  void aRepeatThatWasOnItsWayAlreadyDoesNotOvertakeEither() {
    mesh.rooms().devices().refuse("text 1", ErrorCode.OVERLOADED);
    sayAgain(1, 2);
    client.await(ServerFrame.BodyCase.ERROR, 2);
    // Marked as a repeat, and sent before its sender had heard of the refusal.
    sayAgain(3, 3);
    client.await(ServerFrame.BodyCase.ERROR, 3);
    sayAgain(1, 3);
    client.await(ServerFrame.BodyCase.SEND_ACK, 3);
    client.awaitSeq("room:7", 3);
    assertThat(client.texts("room:7")).isEqualTo(texts(1, 3));
  }

  @Test
  void aMessageThatNoRetryHelpsIsNamedAndHoldsNothingUp() {
    mesh.rooms().devices().refuse("text 2", ErrorCode.FORBIDDEN);
    say(1, 3);
    Error error = client.await(ServerFrame.BodyCase.ERROR).getError();
    assertThat(error.getCode()).isEqualTo(Error.Code.FORBIDDEN);
    assertThat(error.getClientMessageId()).isEqualTo("id 2");
    assertThat(error.getMessage()).isEqualTo("refused: text 2");
    assertThat(error.getRetryable()).isFalse();
    assertThat(ids(client.await(ServerFrame.BodyCase.SEND_ACK, 2))).containsExactly("id 1", "id 3");
  }

  @Test
  void whatIsMissingInAMessageIsNamed() {
    client.send(Send.newBuilder().setRoomId(ROOM).setText("no id"));
    client.send(Send.newBuilder().setClientMessageId("no target").setText("x"));
    client.send(Send.newBuilder().setClientMessageId("theirs").setConversation("direct:2:3"));
    client.send(Send.newBuilder().setClientMessageId("malformed").setConversation("room:07"));
    List<ServerFrame> errors = client.await(ServerFrame.BodyCase.ERROR, 4);
    assertThat(errors)
        .extracting(frame -> frame.getError().getMessage())
        .containsExactly(
            "clientMessageId must be set",
            "roomId, toUserId or conversation must be set",
            "conversation is none that this user can write to",
            "conversation is none that this user can write to");
    assertThat(errors.get(1).getError().getClientMessageId()).isEqualTo("no target");
  }

  @Test
  void whileLogicIsAwayMessagesAreRefusedAndTheConnectionStays() {
    mesh.rooms().away();
    say(1, 2);
    List<ServerFrame> errors = client.await(ServerFrame.BodyCase.ERROR, 2);
    assertThat(errors.get(0).getError().getCode()).isEqualTo(Error.Code.UNAVAILABLE);
    mesh.rooms().serve();
    sayAgain(1, 2);
    client.await(ServerFrame.BodyCase.SEND_ACK, 2);
    client.awaitSeq("room:7", 2);
    assertThat(client.texts("room:7")).isEqualTo(texts(1, 2));
  }

  @Test
  void aSessionThatIsNoneAnyMoreEnds() {
    mesh.rooms().forget("device-11");
    say(1, 2);
    assertThat(client.goodbye().getCode()).isEqualTo(Goodbye.Code.UNAUTHENTICATED);
    assertThat(client.goodbye().getReconnect()).isFalse();
    assertThat(client.closeCode()).isEqualTo(4006);
  }

  private void say(int from, int to) {
    for (int i = from; i <= to; i++) {
      client.say(ROOM, "id " + i, "text " + i);
    }
  }

  private void sayAgain(int from, int to) {
    for (int i = from; i <= to; i++) {
      client.sayAgain(ROOM, "id " + i, "text " + i);
    }
  }

  private static List<String> ids(List<ServerFrame> acks) {
    return acks.stream().map(frame -> frame.getSendAck().getClientMessageId()).toList();
  }

  private static List<String> names(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> "id " + i).toList();
  }

  private static List<String> texts(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> "text " + i).toList();
  }
}
