package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.LeaveRoom;
import chat.parley.proto.ReadMembers;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.RoomMember;
import chat.parley.proto.RoomMembers;
import chat.parley.proto.SessionOpened;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class DeviceRoomsTest extends DeviceFixture {
  @Test
  void deviceIsSentARoomFromItsJoinOnAndLaterFromItsCursor() {
    SessionOpened writer = user("writer");
    SessionOpened reader = user("reader");
    posted(writer, 1, 3);

    RoomJoined first = await(join(reader.getToken(), 1));
    posted(writer, 1, 2);
    RoomJoined again = await(join(reader.getToken(), 1));

    assertThat(first.getHead()).isEqualTo(3);
    assertThat(first.getAfter()).isEqualTo(3);
    assertThat(again.getHead()).isEqualTo(5);
    assertThat(again.getAfter()).isEqualTo(3);
    assertThat(await(join(reader, 1, 0)).getAfter()).isZero();
    assertThat(await(join(reader, 1, 4)).getAfter()).isEqualTo(4);
    assertThat(await(join(reader, 1, 400)).getAfter()).isEqualTo(5);
    assertRefused(join(reader, 1, -1), ErrorCode.BAD_REQUEST, "room:1");
    assertThat(await(database.cursors().of(deviceOf(reader)))).containsEntry("room:1", 3L);
  }

  @Test
  void whoJoinsFromTheBeginningKeepsThatPlace() {
    SessionOpened reader = user("from-the-start");
    posted(user("early"), 2, 2);

    await(join(reader, 2, 0));

    assertThat(opened(reader).getStandingsList()).containsExactly(standing("room:2", 0, 2));
  }

  @Test
  void leaveIsForOneDeviceAndMayBeRepeated() {
    SessionOpened phone = user("leaver");
    SessionOpened laptop = await(loginOf("leaver", 0));
    await(join(phone.getToken(), 3));
    await(join(laptop.getToken(), 3));

    await(leave(phone, 3));
    await(leave(phone, 3));

    assertThat(opened(phone).getStandingsList()).isEmpty();
    assertThat(opened(laptop).getStandingsList()).containsExactly(standing("room:3", 0, 0));
    assertRefused(
        ask(logic -> logic.send(toRoom(phone.getToken(), 3, "still there?").build())),
        ErrorCode.FORBIDDEN,
        "join room 3 first");
    assertRefused(leave(phone, 0), ErrorCode.BAD_REQUEST, "roomId");
  }

  @Test
  void whatAReplacedConnectionSaysOfARoomChangesNothing() {
    SessionOpened phone = user("twice");
    long older = opened(phone).getNumber();
    long newer = opened(phone).getNumber();
    await(join(phone.getToken(), 5));

    assertThat(await(leaveOn(phone, 5, older)).getReplaced()).isTrue();
    assertThat(await(joinOn(phone, 6, older)).getReplaced()).isTrue();
    assertThat(opened(phone).getStandingsList()).containsExactly(standing("room:5", 0, 0));

    long newest = newer + 1;
    assertThat(await(leaveOn(phone, 5, newest)).getReplaced()).isFalse();
    assertThat(await(joinOn(phone, 6, newest)).getReplaced()).isFalse();
    assertThat(opened(phone).getStandingsList()).containsExactly(standing("room:6", 0, 0));
  }

  private Future<RoomJoined> joinOn(SessionOpened session, long room, long connection) {
    JoinRoom request =
        JoinRoom.newBuilder()
            .setToken(session.getToken())
            .setRoomId(room)
            .setConnection(connection)
            .build();
    return ask(logic -> logic.joinRoom(request));
  }

  private Future<RoomLeft> leaveOn(SessionOpened session, long room, long connection) {
    LeaveRoom request =
        LeaveRoom.newBuilder()
            .setToken(session.getToken())
            .setRoomId(room)
            .setConnection(connection)
            .build();
    return ask(logic -> logic.leaveRoom(request));
  }

  @Test
  void membersAreToldToWhoIsInTheRoom() {
    SessionOpened inside = user("inside");
    await(join(inside.getToken(), 4));
    assertThat(await(members(inside, 4))).isEqualTo(RoomMembers.getDefaultInstance());
    await(redisStores.presence().enter(node.nodeId() + "/0", 4, idOf(inside), "inside"));
    await(redisStores.presence().enter(node.nodeId() + "/0", 4, 1_000_000, "other"));

    RoomMembers members = await(members(inside, 4));

    assertThat(members.getCount()).isEqualTo(2);
    assertThat(members.getMembersList())
        .extracting(RoomMember::getUserName)
        .containsExactly("inside", "other");
    assertRefused(members(user("outside"), 4), ErrorCode.FORBIDDEN, "join room 4 first");
  }

  private Future<RoomMembers> members(SessionOpened session, long room) {
    ReadMembers request =
        ReadMembers.newBuilder().setToken(session.getToken()).setRoomId(room).build();
    return ask(logic -> logic.members(request));
  }
}
