package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.RoomFigure;
import chat.parley.proto.SessionEnded;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining, changing and leaving a room by WebSocket. */
class JoinTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;
  private String test;

  private void start(JsonObject settings) {
    mesh = new ConnectMesh(folder, 2, settings);
    demo = mesh.rooms().user(1, "demo");
    test = mesh.rooms().user(2, "test");
  }

  private void start() {
    start(new JsonObject());
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void joiningTwiceGivesEachMessageOnce() {
    start();
    WsClient client = mesh.wsIn(ROOM, demo).join(demo, ROOM).join(demo, ROOM);
    mesh.rooms().say(ROOM, demo, "one");
    mesh.rooms().say(ROOM, demo, "two");
    client.awaitTexts("one", "two");
    assertThat(mesh.rooms().count(ROOM)).isEqualTo(1);
  }

  @Test
  void joiningAnotherRoomLeavesTheFirst() {
    start();
    WsClient other = mesh.wsIn(ROOM, test);
    WsClient client = mesh.wsIn(ROOM, demo);
    other.awaitCount(2);
    client.join(demo, 8);
    other.awaitCount(1);
    Await.until("the other room's list came", () -> client.last(5).getLong("roomId") == 8);
    mesh.rooms().say(ROOM, test, "not for demo");
    other.awaitTexts("not for demo");
    mesh.rooms().say(8, demo, "in eight");
    client.awaitTexts("in eight");
  }

  @Test
  void twoTabsClosedInAnyOrderLeaveTheOtherInTheRoom() {
    start();
    WsClient other = mesh.wsIn(ROOM, test);
    for (int round = 0; round < 2; round++) {
      WsClient first = mesh.wsIn(ROOM, demo);
      WsClient second = mesh.ws().join(demo, ROOM);
      other.awaitCount(2);
      Await.until("three are connected", () -> mesh.connections() == 3);
      (round == 0 ? first : second).close();
      Await.until("two are connected", () -> mesh.connections() == 2);
      WsClient left = round == 0 ? second : first;
      String text = "round " + round;
      Await.until(
          "the tab that is left gets messages",
          () -> {
            if (!left.texts(3).contains(text)) {
              mesh.rooms().say(ROOM, test, text);
            }
            return left.texts(3).contains(text);
          });
      assertThat(mesh.rooms().count(ROOM)).isEqualTo(2);
      left.close();
      other.awaitCount(1);
    }
  }

  @Test
  void leavingSendsTheListAndNoEmptyFrame() {
    start();
    WsClient stays = mesh.wsIn(ROOM, demo);
    WsClient goes = mesh.wsIn(ROOM, test);
    stays.awaitCount(2);
    assertThat(stays.last(5).getJsonObject("roomUserInfo"))
        .isEqualTo(new JsonObject().put("1", "demo").put("2", "test"));
    goes.close();
    stays.awaitCount(1);
    assertThat(stays.frames()).doesNotContain("");
  }

  @Test
  void aBadTokenIsToldByCodeAndReason() {
    start();
    WsClient client = mesh.ws().join("unknown", ROOM);
    assertThat(client.closeCode()).isEqualTo(4001);
    assertThat(client.closeReason()).isEqualTo("Session error");
  }

  @Test
  void whoDoesNotJoinInTimeIsClosed() {
    start(new JsonObject().put("join-deadline", "300ms"));
    assertThat(mesh.ws().closeCode()).isEqualTo(4002);
    mesh.tcp().awaitClosed();
  }

  @Test
  void whatIsNoJoinIsToldSo() {
    start();
    assertThat(mesh.ws().send("{").closeCode()).isEqualTo(4003);
    assertThat(mesh.ws().join(demo, 0).closeCode()).isEqualTo(4003);
    assertThat(mesh.ws().send("[".repeat(30_000)).closeCode()).isEqualTo(4003);
    assertThat(mesh.ws().send("x".repeat(70_000)).closeCode()).isEqualTo(1009);
    WsClient binary = mesh.ws();
    binary.sendBinary(new byte[] {1});
    assertThat(binary.closeCode()).isEqualTo(4003);
  }

  @Test
  void oneConnectionTooManyIsToldToTryAgain() {
    start(new JsonObject().put("max-connections", 1));
    mesh.wsIn(ROOM, demo);
    mesh.wsIn(ROOM, demo.replace("1", "2"));
    assertThat(mesh.ws().closeCode()).isEqualTo(1013);
  }

  @Test
  void whileLogicIsAwayJoiningEndsInTimeWithTryAgainAndWorksWhenItIsBack() {
    start(new JsonObject().put("deadline", "2s"));
    WsClient before = mesh.wsIn(ROOM, test);
    mesh.rooms().away();
    WsClient refused = mesh.ws().join(demo, ROOM);
    TcpClient tcp = mesh.tcp().join(demo, ROOM);
    assertThat(refused.closeCode()).isEqualTo(1013);
    assertThat(refused.closeReason()).isEqualTo("try again");
    tcp.awaitClosed();
    mesh.rooms().serve();
    mesh.wsIn(ROOM, demo);
    mesh.rooms().say(ROOM, demo, "back");
    before.awaitTexts("back");
  }

  @Test
  void aSocketClosedWhileItJoinsLeavesNoGhost() {
    start(new JsonObject().put("deadline", "2s"));
    mesh.rooms().away();
    WsClient client = mesh.ws().join(demo, ROOM);
    client.close();
    mesh.rooms().serve();
    mesh.wsIn(ROOM, test).awaitCount(1);
    assertThat(mesh.rooms().count(ROOM)).isEqualTo(1);
  }

  @Test
  void whoLeavesWhileRedisIsAwayIsNotListedWhenItIsBack() {
    mesh = new ConnectMesh(folder, 1, new JsonObject().put("linger", "1ms"));
    mesh.wsIn(8, mesh.rooms().user(3, "who stays"));
    WsClient client = mesh.wsIn(ROOM, mesh.rooms().user(1, "demo"));
    mesh.redis().kill();
    client.close();
    Await.until("only one is connected", () -> mesh.connections() == 1);
    mesh.rooms().awaitLooks(4);
    mesh.redis().start();
    mesh.rooms().awaitCount(ROOM, 0);
  }

  @Test
  void aSessionThatEndedLosesItsSocketsAndNoOther() {
    start();
    WsClient ended = mesh.wsIn(ROOM, demo);
    WsClient other = mesh.wsIn(ROOM, test);
    event(SessionEnded.newBuilder().setUserId(1).setSessionId("another").build());
    event(SessionEnded.newBuilder().setUserId(1).setSessionId("session-1").build());
    assertThat(ended.closeCode()).isEqualTo(4001);
    other.awaitCount(1);
  }

  @Test
  void aRoomsFigureGoesToTheAskersSessionsOnly() {
    start();
    WsClient asker = mesh.wsIn(ROOM, demo);
    WsClient other = mesh.wsIn(ROOM, test);
    event(RoomFigure.newBuilder().setForUserId(1).setRoomId(ROOM).setCount(2).build());
    Await.until("the count came", () -> asker.last(4) != null);
    assertThat(asker.last(4)).isEqualTo(new JsonObject("{\"op\":4,\"count\":2}"));
    mesh.rooms().say(ROOM, demo, "after");
    other.awaitTexts("after");
    assertThat(other.last(4)).isNull();
  }

  @Test
  void aStoppingInstanceSendsItsClientsElsewhere() {
    start();
    WsClient client = mesh.wsIn(ROOM, demo);
    TcpClient tcp = mesh.tcp().join(test, ROOM);
    tcp.awaitLive();
    mesh.undeploy();
    assertThat(client.closeCode()).isEqualTo(1012);
    tcp.awaitClosed();
    assertThat(mesh.rooms().count(ROOM)).isZero();
    assertThat(Await.get(mesh.rooms().nodesOf("room:7"))).isEmpty();
    assertThat(mesh.connections()).isZero();
  }

  private void event(com.google.protobuf.Message event) {
    Await.get(mesh.rooms().nodesOf("room:7"))
        .get("room:7")
        .forEach(
            node ->
                mesh.vertx()
                    .eventBus()
                    .send(Addresses.eventsOf(node), event, ProtoCodec.options()));
  }
}
