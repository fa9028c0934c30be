package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.AskRoom;
import chat.parley.proto.RoomAsked;
import chat.parley.proto.RoomFigure;
import chat.parley.proto.RoomMember;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SessionOpened;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoomsTest extends LogicFixture {
  /** Long enough that the ids of this class's messages are remembered. */
  @Override
  void adjust(JsonObject settings) {
    settings.getJsonObject("redis").put("remember-ids", "10m");
    settings.getJsonObject("limits").put("messages-per-user", "3/1s");
  }

  @Test
  void figuresOfARoomGoToTheCallersNodesOnly() throws InterruptedException {
    SessionOpened asker = registered("asker");
    long userId = asker.getIdentity().getUserId();
    String bucket = node.nodeId() + "/0";
    BlockingQueue<RoomFigure> figures = new LinkedBlockingQueue<>();
    await(
        vertx
            .eventBus()
            .<RoomFigure>consumer(
                Addresses.eventsOf(node.nodeId()), event -> figures.add(event.body()))
            .completion());
    await(redisStores.topics().subscribe(bucket, Conversations.topicOfUser(userId)));
    await(join(asker.getToken(), 1));
    await(redisStores.presence().enter(bucket, 1, userId, "asker"));
    await(redisStores.presence().enter(bucket, 1, 1_000_000, "other"));

    assertThat(await(ask(asker, 1, AskRoom.What.COUNT)).getCount()).isEqualTo(2);
    assertThat(figures.poll(10, TimeUnit.SECONDS))
        .isEqualTo(RoomFigure.newBuilder().setForUserId(userId).setRoomId(1).setCount(2).build());

    await(ask(asker, 1, AskRoom.What.MEMBERS));
    RoomFigure list = figures.poll(10, TimeUnit.SECONDS);
    assertThat(list.getWithMembers()).isTrue();
    assertThat(list.getMembersList())
        .extracting(RoomMember::getUserName)
        .containsExactly("asker", "other");
  }

  @Test
  void listOfARoomGoesToThoseWhoJoinedAndAnEmptyOneIsSaidToBe() {
    SessionOpened outside = registered("outsider");
    await(redisStores.presence().enter(node.nodeId() + "/0", 2, 77, "inside"));

    assertRefused(ask(outside, 2, AskRoom.What.MEMBERS), ErrorCode.FORBIDDEN, "join room 2 first");
    assertRefused(ask(outside, 2, AskRoom.What.COUNT), ErrorCode.FORBIDDEN, "join room 2 first");
    assertRefused(
        ask(outside, 3, AskRoom.What.MEMBERS), ErrorCode.NOT_FOUND, "rpc get room info fail!");
    await(join(outside.getToken(), 4));
    assertRefused(
        ask(outside, 4, AskRoom.What.MEMBERS), ErrorCode.NOT_FOUND, "rpc get room info fail!");
  }

  @Test
  void joinNeedsASessionAndARoom() {
    assertRefused(
        join("unknown", 1), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
    assertRefused(join(registered("joiner").getToken(), 0), ErrorCode.BAD_REQUEST, "roomId");
  }

  @Test
  void retryWithTheSameClientMessageIdIsNotASecondMessage() {
    SessionOpened sender = registered("retrier");
    await(join(sender.getToken(), 5));
    SendMessage message = toRoom(sender.getToken(), 5, "once").setClientMessageId("same").build();

    SendAck first = await(send(message));
    SendAck second = await(send(message));

    assertThat(first.getRepeated()).isFalse();
    assertThat(second).isEqualTo(first.toBuilder().setRepeated(true).build());
  }

  @Test
  void flooderIsToldToSlowDown() {
    SessionOpened flooder = registered("flooder");
    await(join(flooder.getToken(), 6));
    SendMessage message = toRoom(flooder.getToken(), 6, "again").build();
    var burst = Stream.generate(() -> send(message)).limit(100).toList();
    await(Future.join(burst).transform(all -> Future.succeededFuture()));

    assertThat(burst).filteredOn(Future::succeeded).hasSizeBetween(3, 60);
    assertThat(burst)
        .filteredOn(Future::failed)
        .isNotEmpty()
        .allSatisfy(refused -> assertRefused(refused, ErrorCode.RATE_LIMITED, "slow down"));
  }

  private Future<SendAck> send(SendMessage message) {
    return ask(logic -> logic.send(message));
  }

  private Future<RoomAsked> ask(SessionOpened session, long room, AskRoom.What what) {
    AskRoom request =
        AskRoom.newBuilder().setToken(session.getToken()).setRoomId(room).setWhat(what).build();
    return ask(logic -> logic.askRoom(request));
  }
}
