package chat.parley.e2e.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V1WebSocket;
import chat.parley.e2e.support.V2Client;
import chat.parley.e2e.support.V2Http.Login;
import chat.parley.e2e.support.V2Tcp;
import chat.parley.e2e.support.V2WebSocket;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.ServerFrame.BodyCase;
import chat.parley.proto.v2.Welcome;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From the first byte to Welcome, on every carrier. */
@RunningParley
class HandshakeTest {
  private static final int UNKNOWN_NUMBER = 999;
  private static final int LARGE = 70_000;

  /** A WebSocket's close code says what its Goodbye said. */
  private static void assertClosed(V2Client client, Goodbye.Code code) {
    Goodbye goodbye = client.awaitGoodbye();
    assertThat(goodbye.getCode()).isEqualTo(code);
    assertThat(goodbye.getReason()).isNotBlank();
    if (!(client instanceof V2Tcp)) {
      assertThat(client.closed().orElseThrow().code()).isEqualTo(4000 + code.getNumber());
    }
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void welcomeTellsWhoAndTheLimits(Carrier carrier, Clients clients) {
    Login device = clients.v2().newUser();
    Welcome welcome = clients.connect(carrier).open(device.token());
    assertThat(welcome.getUserId()).isEqualTo(device.userId());
    assertThat(welcome.getUserName()).isEqualTo(device.userName());
    assertThat(welcome.getDeviceId()).isEqualTo(device.deviceId());
    assertThat(welcome.getSession()).isNotBlank();
    assertThat(welcome.getHeartbeatIntervalMs()).isPositive();
    assertThat(welcome.getServerTime()).isPositive();
    assertThat(welcome.getRoomIdsList()).isEmpty();
    assertThat(welcome.getLimits().getMaxInFlight()).isPositive();
    assertThat(welcome.getLimits().getMaxFrameBytes()).isPositive();
    assertThat(welcome.getLimits().getMaxHistoryPage()).isPositive();
    assertThat(welcome.getLimits().getAcknowledgeWithinMs())
        .isGreaterThan(welcome.getLimits().getAcknowledgeAfterMs());
  }

  @Test
  void theServerTakesTheSubprotocolThatItIsOffered(Clients clients) {
    for (String offered : new String[] {V2WebSocket.PROTOBUF, V2WebSocket.JSON}) {
      try (V2WebSocket socket = new V2WebSocket(clients.endpoints().wsAddress(), offered)) {
        assertThat(socket.subprotocol()).isEqualTo(offered);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void anotherVersionIsRefusedByName(Carrier carrier, Clients clients) {
    V2Client client = clients.connect(carrier);
    client.say(V2Client.hello(clients.v2().newUser().token()).setProtocol(3));
    assertClosed(client, Goodbye.Code.UNSUPPORTED_PROTOCOL);
    assertThat(client.awaitGoodbye().getReason()).contains("3").contains("2");
    assertThat(client.awaitGoodbye().getReconnect()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void frameBeforeHelloCloses(Carrier carrier, Clients clients) {
    V2Client client = clients.connect(carrier);
    client.send(1, Send.newBuilder().setRoomId(1).setText("too early").setClientMessageId("a"));
    assertClosed(client, Goodbye.Code.BAD_FRAME);
    assertThat(client.frames()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void noHelloInTimeCloses(Carrier carrier, Clients clients) {
    V2Client client = clients.connect(carrier);
    if (carrier == Carrier.TCP) {
      // Before it a connection has no version.
      client.sendBytes((byte) 'v', (byte) '2');
    }
    assertClosed(client, Goodbye.Code.NO_HELLO);
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void secondHelloCloses(Carrier carrier, Clients clients) {
    Login device = clients.v2().newUser();
    V2Client client = clients.open(carrier, device);
    client.say(V2Client.hello(device.token()));
    assertClosed(client, Goodbye.Code.BAD_FRAME);
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void unknownTokenIsToldToLogInAgain(Carrier carrier, Clients clients) {
    V2Client client = clients.connect(carrier);
    client.say(V2Client.hello("no such token"));
    assertClosed(client, Goodbye.Code.UNAUTHENTICATED);
    assertThat(client.awaitGoodbye().getReconnect()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void tokenOfAV1LoginIsRefusedAndToldWhereToLogIn(Carrier carrier, Clients clients) {
    V2Client client = clients.connect(carrier);
    client.say(V2Client.hello(clients.newUser().token()));
    assertClosed(client, Goodbye.Code.FORBIDDEN);
    assertThat(client.awaitGoodbye().getReason()).contains("/api/v2/login");
  }

  @Test
  void tokenOfADeviceWorksOnV1Too(Clients clients) {
    Login device = clients.v2().newUser();
    V1Http.User user = new V1Http.User(device.userId(), device.userName(), "", device.token());
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(user, room);
    assertThat(clients.http().pushRoom(user, room, "by a v2 token").ok()).isTrue();
    socket.awaitText("by a v2 token");
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void clientThatMixedUpItsDevicesIsTold(Carrier carrier, Clients clients) {
    Login device = clients.v2().newUser();
    Login other = clients.v2().anotherDevice(device, "other");
    V2Client client = clients.connect(carrier);
    client.say(V2Client.hello(device.token()).setDeviceId(other.deviceId()));
    assertClosed(client, Goodbye.Code.FORBIDDEN);
  }

  @ParameterizedTest
  @EnumSource(
      value = Carrier.class,
      names = {"WEB_SOCKET_PROTOBUF", "TCP"})
  void unknownFieldsAndFramesAreIgnored(Carrier carrier, Clients clients) {
    Login device = clients.v2().newUser();
    V2Client client = clients.connect(carrier);
    UnknownFieldSet future =
        UnknownFieldSet.newBuilder()
            .addField(UNKNOWN_NUMBER, Field.newBuilder().addVarint(1).build())
            .build();
    Hello hello = V2Client.hello(device.token()).setUnknownFields(future).build();
    client.send(ClientFrame.newBuilder().setHello(hello).setUnknownFields(future).build());
    client.awaitSynced();
    client.send(ClientFrame.newBuilder().setUnknownFields(future).build());
    client.send(ClientFrame.getDefaultInstance());
    assertServes(client);
  }

  @Test
  void unknownFieldsAndFramesAreIgnoredInJson(Clients clients) {
    Login device = clients.v2().newUser();
    try (V2WebSocket client = new V2WebSocket(clients.endpoints().wsAddress(), V2WebSocket.JSON)) {
      client.sendText(
          """
          {"hello":{"protocol":2,"token":"%s","mood":{"is":["good"]}},"urgent":true}"""
              .formatted(device.token()));
      client.awaitSynced();
      client.sendText("{\"dance\":{\"steps\":3}}");
      client.sendText("{}");
      assertServes(client);
    }
  }

  private static void assertServes(V2Client client) {
    long room = Clients.newRoom();
    Rooms.join(client, room);
    client.sendAndAwait(5, Rooms.message(room, "still there"));
    assertThat(client.isOpen()).isTrue();
  }

  @Test
  void bytesThatAreNoFrameCloseTheirOwnConnectionOnly(Clients clients) {
    Login device = clients.v2().newUser();
    V2Client bystander = clients.open(Carrier.TCP, clients.v2().newUser());
    for (Carrier carrier : Carrier.values()) {
      V2Client client = clients.open(carrier, device);
      byte[] bad = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
      switch (carrier) {
        case TCP -> client.sendBytes(V2Tcp.frame(bad));
        case WEB_SOCKET_JSON -> ((V2WebSocket) client).sendText("{\"hello\":");
        default -> client.sendBytes(bad);
      }
      assertClosed(client, Goodbye.Code.BAD_FRAME);
    }
    assertServes(bystander);
  }

  @Test
  void hostileLengthsCloseTheirOwnConnectionOnly(Clients clients) {
    V2Client bystander = clients.open(Carrier.TCP, clients.v2().newUser());
    byte[][] lengths = {{-1, -1, -1, -1}, {0, 0, 0, 0}, {0, 0, 0, 5}, {127, -1, -1, -1}};
    for (byte[] length : lengths) {
      V2Client client = clients.connect(Carrier.TCP);
      client.sendBytes((byte) 'v', (byte) '2', length[0], length[1], length[2], length[3]);
      client.awaitClose(Eventually.SOON);
    }
    assertServes(bystander);
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void frameOverTheLimitIsNamedAsSuch(Carrier carrier, Clients clients) {
    V2Client client = clients.open(carrier, clients.v2().newUser());
    String text = "x".repeat(LARGE);
    client.send(1, Send.newBuilder().setRoomId(1).setClientMessageId("large").setText(text));
    assertClosed(client, Goodbye.Code.TOO_LARGE);
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void goodbyeOfTheClientIsAnswered(Carrier carrier, Clients clients) {
    V2Client client = clients.open(carrier, clients.v2().newUser());
    client.send(ClientFrame.newBuilder().setGoodbye(Goodbye.newBuilder()).build());
    assertClosed(client, Goodbye.Code.BYE);
  }

  /** The first frame is found wherever the network cuts it. */
  @Test
  void framesAreFoundWhereverTheNetworkCutsThem(Clients clients) {
    Login device = clients.v2().newUser();
    V2Client client = clients.connect(Carrier.TCP);
    byte[] hello =
        V2Tcp.frame(
            ClientFrame.newBuilder()
                .setHello(V2Client.hello(device.token()))
                .build()
                .toByteArray());
    for (byte one : hello) {
      client.sendBytes(one);
    }
    client.awaitFrame(BodyCase.WELCOME);
    byte[] beat =
        V2Tcp.frame(
            ClientFrame.newBuilder().setHeartbeat(Heartbeat.newBuilder()).build().toByteArray());
    byte[] many = new byte[beat.length * 10];
    for (int i = 0; i < many.length; i++) {
      many[i] = beat[i % beat.length];
    }
    client.sendBytes(many);
    assertServes(client);
  }
}
