package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.Welcome;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a v2 connection begins, and what ends it before it has begun. */
class V2HelloTest {
  private static final int UNKNOWN_FIELD = 999;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder, 1, new JsonObject().put("join-deadline", "2s"));
    demo = mesh.rooms().device(11, 1, "demo");
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @ParameterizedTest
  @EnumSource(V2Client.Kind.class)
  void helloIsAnsweredWithWelcomeAndThenSynced(V2Client.Kind kind) {
    mesh.rooms().devices().cursor(11, "room:7", 0);
    V2Client client = mesh.device(kind, demo);
    Welcome welcome = client.answer(1).getWelcome();
    assertThat(welcome.getUserId()).isEqualTo(1);
    assertThat(welcome.getUserName()).isEqualTo("demo");
    assertThat(welcome.getDeviceId()).isEqualTo(11);
    assertThat(welcome.getRoomIdsList()).containsExactly(7L);
    assertThat(welcome.getSession()).endsWith("/11/1");
    assertThat(welcome.getHeartbeatIntervalMs()).isEqualTo(30_000);
    assertThat(welcome.getLimits().getMaxFrameBytes()).isEqualTo(64 * 1024);
    assertThat(welcome.getLimits().getMaxInFlight()).isEqualTo(256);
    assertThat(welcome.getLimits().getAcknowledgeWithinMs()).isEqualTo(20_000);
    assertThat(welcome.getLimits().getAcknowledgeAfterMs()).isEqualTo(1_000);
    assertThat(welcome.getLimits().getMaxHistoryPage()).isEqualTo(200);
    assertThat(client.frames())
        .extracting(ServerFrame::getBodyCase)
        .containsExactly(ServerFrame.BodyCase.WELCOME, ServerFrame.BodyCase.SYNCED);
  }

  @ParameterizedTest
  @EnumSource(V2Client.Kind.class)
  void anythingBeforeHelloCloses(V2Client.Kind kind) {
    V2Client client = mesh.v2(kind).send(find(2));
    assertGoodbye(client, Goodbye.Code.BAD_FRAME, "the first frame must be hello", false);
  }

  @ParameterizedTest
  @EnumSource(V2Client.Kind.class)
  void anotherVersionIsRefusedByName(V2Client.Kind kind) {
    Hello hello = Hello.newBuilder().setProtocol(3).setToken(demo).build();
    V2Client client = mesh.v2(kind).send(ClientFrame.newBuilder().setHello(hello).build());
    assertGoodbye(
        client,
        Goodbye.Code.UNSUPPORTED_PROTOCOL,
        "protocol 3 is not supported, this server speaks 2",
        false);
  }

  @ParameterizedTest
  @EnumSource(value = V2Client.Kind.class, names = "TCP", mode = EnumSource.Mode.EXCLUDE)
  void whoSaysNoHelloInTimeIsClosed(V2Client.Kind kind) {
    V2Client client = mesh.v2(kind);
    assertGoodbye(client, Goodbye.Code.NO_HELLO, "no hello in time", true);
  }

  @Test
  void whoBeginsAFrameOverTcpAndSaysNoHelloInTimeIsClosed() {
    V2TcpClient client = (V2TcpClient) mesh.v2(V2Client.Kind.TCP);
    client.send(new byte[] {'v', '2'});
    assertGoodbye(client, Goodbye.Code.NO_HELLO, "no hello in time", true);
  }

  @Test
  void framesBehindHelloAreAnsweredBehindTheWelcome() {
    mesh.rooms().hold(Addresses.CHECK_AUTH);
    V2Client client = mesh.v2(V2Client.Kind.PROTOBUF).hello(demo);
    for (int ref = 2; ref < 10; ref++) {
      client.send(find(ref));
    }
    mesh.rooms().awaitHeld(Addresses.CHECK_AUTH);
    mesh.rooms().letGo(Addresses.CHECK_AUTH);
    client.answer(9);
    assertThat(client.frames().get(0).hasWelcome()).isTrue();
    List<Integer> answered = new ArrayList<>();
    client.of(ServerFrame.BodyCase.USER).forEach(frame -> answered.add(frame.getRe()));
    assertThat(answered).containsExactly(2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void tooManyFramesBehindHelloClose() {
    mesh.rooms().hold(Addresses.CHECK_AUTH);
    V2Client client = mesh.v2(V2Client.Kind.PROTOBUF).hello(demo);
    for (int ref = 2; ref < 70; ref++) {
      client.send(find(ref));
    }
    assertGoodbye(client, Goodbye.Code.BAD_FRAME, "too many frames before the welcome", false);
    mesh.rooms().letGo(Addresses.CHECK_AUTH);
  }

  @Test
  void aSecondHelloCloses() {
    V2Client client = mesh.device(V2Client.Kind.TCP, demo).hello(demo);
    assertGoodbye(client, Goodbye.Code.BAD_FRAME, "hello was said already", false);
  }

  @Test
  void anUnknownTokenIsNotWelcome() {
    V2Client client = mesh.v2(V2Client.Kind.JSON).hello("nobody's");
    assertGoodbye(client, Goodbye.Code.UNAUTHENTICATED, "Session error", false);
  }

  @Test
  void aTokenOfV1IsToldWhereToLogIn() {
    V2Client client = mesh.v2(V2Client.Kind.JSON).hello(mesh.rooms().user(1, "demo"));
    assertGoodbye(
        client, Goodbye.Code.FORBIDDEN, "not a device's token: log in at /api/v2/login", false);
  }

  @Test
  void theTokenOfAnotherDeviceIsRefused() {
    V2Client client =
        mesh.v2(V2Client.Kind.TCP).hello(Hello.newBuilder().setToken(demo).setDeviceId(12));
    assertGoodbye(client, Goodbye.Code.FORBIDDEN, "the token belongs to another device", false);
  }

  @Test
  void whileLogicIsAwayAClientIsToldToTryAgain() {
    mesh.rooms().away();
    V2Client client = mesh.v2(V2Client.Kind.PROTOBUF).hello(demo);
    Goodbye goodbye = client.goodbye();
    assertThat(goodbye.getCode()).isEqualTo(Goodbye.Code.TRY_AGAIN);
    assertThat(goodbye.getReconnect()).isTrue();
  }

  @Test
  void whatIsNotProtobufCloses() {
    V2WsClient client = (V2WsClient) mesh.v2(V2Client.Kind.PROTOBUF);
    client.binary(new byte[] {0x12, 0x7F, 1, 2});
    assertGoodbye(client, Goodbye.Code.BAD_FRAME, "not a ClientFrame of parley.v2", false);
  }

  @Test
  void whatIsNotAFrameInJsonClosesAndSaysWhy() {
    for (String text : List.of("", "{", "[]", "null", "{\"ref\":1e999999999}", "{\"hello\":7}")) {
      V2WsClient client = (V2WsClient) mesh.v2(V2Client.Kind.JSON);
      client.text(text);
      Goodbye goodbye = client.goodbye();
      assertThat(goodbye.getCode()).isEqualTo(Goodbye.Code.BAD_FRAME);
      assertThat(goodbye.getReason()).isNotBlank().isNotEqualTo(CloseReason.BAD_FRAME.text());
      assertThat(client.closeCode()).isEqualTo(4008);
    }
  }

  @Test
  void textIsNoProtobufAndBinaryIsNoJson() {
    V2WsClient protobuf = (V2WsClient) mesh.v2(V2Client.Kind.PROTOBUF);
    protobuf.text("{\"hello\":{\"protocol\":2}}");
    assertGoodbye(protobuf, Goodbye.Code.BAD_FRAME, "binary frames only", false);
    V2WsClient json = (V2WsClient) mesh.v2(V2Client.Kind.JSON);
    json.binary(find(1).toByteArray());
    assertGoodbye(json, Goodbye.Code.BAD_FRAME, "text frames only", false);
  }

  @Test
  void fieldsAndFramesThatAreNotKnownAreIgnored() {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                UNKNOWN_FIELD,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("of a later version"))
                    .build())
            .build();
    for (V2Client.Kind kind : List.of(V2Client.Kind.PROTOBUF, V2Client.Kind.TCP)) {
      V2Client client = mesh.device(kind, demo);
      client.send(ClientFrame.newBuilder().setUnknownFields(unknown).build());
      Heartbeat beat = Heartbeat.newBuilder().setUnknownFields(unknown).build();
      client.send(ClientFrame.newBuilder().setHeartbeat(beat).build());
      client.send(find(5)).answer(5);
    }
    V2WsClient json = (V2WsClient) mesh.device(V2Client.Kind.JSON, demo);
    json.text("{\"dance\":{\"steps\":3}}").text("{\"heartbeat\":{\"mood\":[1,{}]},\"x\":null}");
    assertThat(json.send(find(5)).answer(5).getUser().getUserName()).isEqualTo("somebody");
  }

  private static ClientFrame find(int ref) {
    return ClientFrame.newBuilder()
        .setRef(ref)
        .setFindUser(FindUser.newBuilder().setUserName("somebody"))
        .build();
  }

  private static void assertGoodbye(
      V2Client client, Goodbye.Code code, String reason, boolean reconnect) {
    assertThat(client.goodbye())
        .isEqualTo(
            Goodbye.newBuilder().setCode(code).setReason(reason).setReconnect(reconnect).build());
    if (client instanceof V2WsClient) {
      assertThat(client.closeCode()).isEqualTo(4000 + code.getNumber());
    }
  }
}
