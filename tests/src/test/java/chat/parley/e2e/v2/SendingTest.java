package chat.parley.e2e.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1WebSocket;
import chat.parley.e2e.support.V2Client;
import chat.parley.e2e.support.V2Http.Answer;
import chat.parley.e2e.support.V2Http.Login;
import chat.parley.e2e.support.V2Tcp;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.SendAck;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.ServerFrame.BodyCase;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Send with an id, ack with a seq: once, in order, and refused by name. */
@RunningParley
class SendingTest {
  /** Twice what the server takes of one session at a time. */
  private static final int TOO_MANY = 512;

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void ackSaysWhereTheMessageIs(Carrier carrier, Clients clients) {
    Login device = clients.v2().newUser();
    V2Client client = clients.open(carrier, device);
    long room = Clients.newRoom();
    Rooms.join(client, room);
    Send.Builder message = Rooms.message(room, "where am I");
    SendAck ack = client.sendAndAwait(1, message);
    assertThat(ack.getClientMessageId()).isEqualTo(message.getClientMessageId());
    assertThat(ack.getConversation()).isEqualTo(Rooms.conversation(room));
    assertThat(ack.getSeq()).isEqualTo(1);
    assertThat(ack.getId()).isPositive();
    assertThat(ack.getAcceptedAt()).isPositive();
    assertThat(ack.getRepeated()).isFalse();
    Eventually.eventually(
        "its own message", () -> !client.messages(Rooms.conversation(room)).isEmpty());
    var heard = client.messages(Rooms.conversation(room)).get(0);
    assertThat(heard.getId()).isEqualTo(ack.getId());
    assertThat(heard.getSenderId()).isEqualTo(device.userId());
    assertThat(heard.getSenderName()).isEqualTo(device.userName());
    assertThat(heard.getText()).isEqualTo("where am I");
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void resentOnAnotherConnectionOrDeviceItIsTheSameMessage(Carrier carrier, Clients clients) {
    Login phone = clients.v2().newUser();
    Login laptop = clients.v2().anotherDevice(phone, "laptop");
    long room = Clients.newRoom();
    V2Client first = clients.open(carrier, phone);
    Rooms.join(first, room);
    Send.Builder message = Rooms.message(room, "said once");
    SendAck ack = first.sendAndAwait(1, message);
    first.abort();
    V2Client second = clients.open(carrier, phone);
    V2Client third = clients.open(carrier, laptop);
    Rooms.join(third, room, 0);
    for (V2Client again : List.of(second, third)) {
      SendAck repeat = again.sendAndAwait(2, message.setResend(true));
      assertThat(repeat.getRepeated()).isTrue();
      assertThat(repeat.toBuilder().setRepeated(false).build()).isEqualTo(ack);
    }
    second.sendAndAwait(3, Rooms.message(room, "and something else"));
    Eventually.eventually("both messages", () -> third.texts(Rooms.conversation(room)).size() >= 2);
    assertThat(third.texts(Rooms.conversation(room)))
        .containsExactly("said once", "and something else");
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void manyInFlightAreAnsweredInTheOrderOfSending(Carrier carrier, Clients clients) {
    V2Client client = clients.open(carrier, clients.v2().newUser());
    long room = Clients.newRoom();
    Rooms.join(client, room);
    int many = 200;
    for (int n = 1; n <= many; n++) {
      client.send(n, Rooms.message(room, "in flight " + n));
    }
    Eventually.eventually("all acks", () -> client.frames(BodyCase.SEND_ACK).size() == many);
    List<ServerFrame> acks = client.frames(BodyCase.SEND_ACK);
    assertThat(acks.stream().map(ServerFrame::getRe))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, many).boxed().toList());
    assertThat(acks.stream().map(ack -> ack.getSendAck().getSeq()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, many).boxed().toList());
    Eventually.eventually(
        "all messages", () -> client.seqs(Rooms.conversation(room)).size() == many);
    assertThat(client.seqs(Rooms.conversation(room)))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, many).boxed().toList());
  }

  /** One write, so that they are all there before any is answered. */
  @Test
  void tooManyInFlightAreRefusedByNameAndNothingOvertakes(Clients clients) {
    V2Client client = clients.open(Carrier.TCP, clients.v2().newUser());
    long room = Clients.newRoom();
    Rooms.join(client, room);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int n = 1; n <= TOO_MANY; n++) {
      ClientFrame frame =
          ClientFrame.newBuilder().setRef(n).setSend(Rooms.message(room, "burst " + n)).build();
      bytes.writeBytes(V2Tcp.frame(frame.toByteArray()));
    }
    client.sendBytes(bytes.toByteArray());
    client.awaitAnswer(TOO_MANY);
    Eventually.eventually(
        "an answer to each",
        () ->
            client.frames().stream().filter(f -> f.getRe() <= TOO_MANY && f.getRe() > 0).count()
                == TOO_MANY);
    List<Error> errors = client.frames(BodyCase.ERROR).stream().map(ServerFrame::getError).toList();
    assertThat(errors).isNotEmpty();
    assertThat(errors.get(0).getCode()).isEqualTo(Error.Code.TOO_MANY_IN_FLIGHT);
    assertThat(errors).allMatch(Error::getRetryable);
    // What was accepted is the beginning of what was sent: nothing overtook what was refused.
    List<Integer> accepted =
        client.frames(BodyCase.SEND_ACK).stream().map(ServerFrame::getRe).toList();
    assertThat(accepted)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, accepted.size()).boxed().toList());
    assertThat(client.isOpen()).isTrue();
  }

  @Test
  void badSendsAreNamedAndTheConnectionGoesOn(Clients clients) {
    Login device = clients.v2().newUser();
    V2Client client = clients.open(Carrier.WEB_SOCKET_JSON, device);
    long room = Clients.newRoom();
    client.send(1, Send.newBuilder().setRoomId(room).setText("without an id"));
    assertRefused(client.awaitError(1), Error.Code.BAD_REQUEST, "clientMessageId");
    client.send(2, Send.newBuilder().setClientMessageId("a").setText("without a target"));
    assertRefused(client.awaitError(2), Error.Code.BAD_REQUEST, "roomId");
    client.send(3, Rooms.message(room, "without having joined"));
    assertRefused(client.awaitError(3), Error.Code.FORBIDDEN, "");
    client.send(4, Rooms.messageTo(Long.MAX_VALUE, "to nobody"));
    assertRefused(client.awaitError(4), Error.Code.NOT_FOUND, "");
    client.send(5, Rooms.message(room, "").setConversation("direct:1:2"));
    assertThat(client.awaitError(5).getRetryable()).isFalse();
    Rooms.join(client, room);
    assertThat(client.sendAndAwait(6, Rooms.message(room, "all is well")).getSeq()).isEqualTo(1);
  }

  private static void assertRefused(Error error, Error.Code code, String named) {
    assertThat(error.getCode()).isEqualTo(code);
    assertThat(error.getRetryable()).isFalse();
    assertThat(error.getMessage()).isNotBlank().contains(named);
  }

  @Test
  void postedByHttpItIsTheSameMessageUnderTheSameKey(Clients clients) {
    Login device = clients.v2().newUser();
    Login friend = clients.v2().newUser();
    String key = UUID.randomUUID().toString();
    var body = Json.of("toUserId", "" + friend.userId(), "text", "by a service");
    Answer first = clients.v2().post(device.token(), key, body);
    Answer second = clients.v2().post(device.token(), key, body);
    assertThat(first.status()).as("%s", first).isEqualTo(200);
    assertThat(first.body().path("repeated").asBoolean()).isFalse();
    assertThat(second.body().path("repeated").asBoolean()).isTrue();
    assertThat(second.body().path("seq")).isEqualTo(first.body().path("seq"));
    assertThat(second.body().path("id")).isEqualTo(first.body().path("id"));
    V2Client client = clients.open(Carrier.TCP, friend);
    String conversation = Rooms.direct(device.userId(), friend.userId());
    Eventually.eventually("the message", () -> !client.texts(conversation).isEmpty());
    assertThat(client.texts(conversation)).containsExactly("by a service");
  }

  @Test
  void postWithoutAKeyIsRefusedByName(Clients clients) {
    Login device = clients.v2().newUser();
    Answer answer =
        clients
            .v2()
            .call(
                "POST",
                "/api/v2/messages",
                device.token(),
                Json.of("toUserId", "" + device.userId(), "text", "no key"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.body().path("detail").asText()).contains("Idempotency-Key");
    assertThat(answer.body().path("retryable").asBoolean(true)).isFalse();
  }

  @Test
  void directMessageReachesEveryDeviceOfBothAndV1ByOpTwo(Clients clients) {
    Login phone = clients.v2().newUser();
    Login laptop = clients.v2().anotherDevice(phone, "laptop");
    User old = clients.newUser();
    V1WebSocket v1 = clients.join(old, Clients.newRoom());
    List<V2Client> mine = new ArrayList<>();
    mine.add(clients.open(Carrier.WEB_SOCKET_PROTOBUF, phone));
    mine.add(clients.open(Carrier.WEB_SOCKET_JSON, laptop));
    String conversation = Rooms.direct(phone.userId(), old.id());
    mine.get(0).sendAndAwait(1, Rooms.messageTo(old.id(), "from v2 to v1"));
    v1.awaitFrame(V1Client.DIRECT, f -> f.path("msg").asText().equals("from v2 to v1"));
    assertThat(clients.http().push(old, phone.userId(), 1, "from v1 to v2").ok()).isTrue();
    for (V2Client device : mine) {
      Eventually.eventually("both messages", () -> device.texts(conversation).size() >= 2);
      assertThat(device.texts(conversation)).containsExactly("from v2 to v1", "from v1 to v2");
      assertThat(device.messages(conversation).get(1).getSenderId()).isEqualTo(old.id());
      assertThat(device.messages(conversation).get(1).getRecipientId()).isEqualTo(phone.userId());
    }
  }

  @Test
  void roomIsSharedWithV1(Clients clients) {
    User old = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket v1 = clients.join(old, room);
    V2Client v2 = clients.open(Carrier.TCP, clients.v2().newUser());
    Rooms.join(v2, room);
    assertThat(clients.http().pushRoom(old, room, "hello from v1").ok()).isTrue();
    v2.sendAndAwait(1, Rooms.message(room, "hello from v2"));
    v1.awaitText("hello from v2");
    Eventually.eventually("both", () -> v2.texts(Rooms.conversation(room)).size() >= 2);
    assertThat(v2.texts(Rooms.conversation(room)))
        .containsExactly("hello from v1", "hello from v2");
    assertThat(v1.texts()).containsExactly("hello from v1", "hello from v2");
  }
}
