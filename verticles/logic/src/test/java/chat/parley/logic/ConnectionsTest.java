package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.proto.CheckConnections;
import chat.parley.proto.Connection;
import chat.parley.proto.ConnectionAdmitted;
import chat.parley.proto.ConnectionOpened;
import chat.parley.proto.DeviceCursor;
import chat.parley.proto.EndedConnection;
import chat.parley.proto.ListConversations;
import chat.parley.proto.OpenConnection;
import chat.parley.proto.ReadUserHeads;
import chat.parley.proto.SaveCursors;
import chat.parley.proto.SendAck;
import chat.parley.proto.SessionOpened;
import chat.parley.proto.Standing;
import chat.parley.proto.UserHead;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionsTest extends DeviceFixture {
  @Test
  void onlyADeviceHasConnections() {
    SessionOpened v1 = registered("old-wire");

    assertRefused(
        open(OpenConnection.newBuilder(), v1), ErrorCode.FORBIDDEN, "log in at /api/v2/login");
    assertRefused(
        ask(logic -> logic.openConnection(OpenConnection.newBuilder().setToken("no").build())),
        ErrorCode.UNAUTHENTICATED,
        "the token is unknown or has expired");
  }

  @Test
  void newConnectionIsToldAndTheFormerOneFound() throws InterruptedException {
    SessionOpened phone = user("connector");
    BlockingQueue<Message> events = eventsOf(phone);
    Connection first = connection(phone, opened(phone).getNumber());
    Connection second = connection(phone, opened(phone).getNumber());
    Connection gone = first.toBuilder().setSessionId("0".repeat(64)).build();

    assertThat(second.getNumber()).isGreaterThan(first.getNumber());
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(openedEvent(phone, first));
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(openedEvent(phone, second));
    assertThat(ended(second, gone, first))
        .containsExactly(
            EndedConnection.newBuilder()
                .setSessionId(gone.getSessionId())
                .setNumber(gone.getNumber())
                .build(),
            EndedConnection.newBuilder()
                .setSessionId(first.getSessionId())
                .setNumber(first.getNumber())
                .setReplaced(true)
                .build());
  }

  @Test
  void newDeviceStandsAtTheBeginningOfItsUsersConversations() {
    SessionOpened ann = user("ann");
    SessionOpened ben = user("ben");
    SessionOpened cid = user("cid");
    written(ann, ben, 2);
    written(ben, ann, 1);
    written(cid, ann, 1);
    written(ben, cid, 1);
    written(ann, ann, 1);

    assertThat(opened(ann).getStandingsList())
        .containsExactlyInAnyOrder(
            standing(pair(ann, ben), 0, 3),
            standing(pair(ann, cid), 0, 1),
            standing(pair(ann, ann), 0, 1));
    assertThat(opened(user("nobody's friend")).getStandingsList()).isEmpty();
    assertThat(
            await(
                    ask(
                        logic ->
                            logic.userHeads(
                                ReadUserHeads.newBuilder()
                                    .addUserIds(idOf(ben))
                                    .addUserIds(999_999)
                                    .build())))
                .getHeadsList())
        .containsExactlyInAnyOrder(head(ben, pair(ann, ben), 3), head(ben, pair(ben, cid), 1));
  }

  @Test
  void whereAUsersConversationsStandIsToldByWhatIsStoredOrByWhatIsAccepted() {
    SessionOpened old = user("old");
    SessionOpened pal = user("pal");
    SessionOpened stranger = user("new");
    written(pal, old, 2);
    await(ask(logic -> logic.send(toUser(old, "not stored").setToken(pal.getToken()).build())));
    await(ask(logic -> logic.send(toUser(old, "the first").setToken(stranger.getToken()).build())));
    ReadUserHeads.Builder request = ReadUserHeads.newBuilder().addUserIds(idOf(old));

    assertThat(await(ask(logic -> logic.userHeads(request.build()))).getHeadsList())
        .containsExactly(head(old, pair(old, pal), 2));
    assertThat(
            await(ask(logic -> logic.userHeads(request.setAccepted(true).build()))).getHeadsList())
        .containsExactly(head(old, pair(old, pal), 3));
  }

  @Test
  void returningDeviceStandsAtItsOwnCursorWhateverOtherDevicesHaveRead() {
    SessionOpened dan = user("dan");
    SessionOpened laptop = await(loginOf("dan", 0));
    SessionOpened eve = user("eve");
    written(eve, dan, 5);
    String conversation = pair(dan, eve);

    save(dan, conversation, 3);
    save(laptop, conversation, 5);

    assertThat(opened(dan).getStandingsList()).containsExactly(standing(conversation, 3, 5));
    assertThat(opened(laptop).getStandingsList()).containsExactly(standing(conversation, 5, 5));
    save(dan, conversation, 1);
    assertThat(opened(dan).getStandings(0).getAfter()).isEqualTo(3);
  }

  @Test
  void whatTheDeviceSaysGoesBeforeItsCursorButNotAboveTheHead() {
    SessionOpened fay = user("fay");
    SessionOpened gus = user("gus");
    written(gus, fay, 5);
    String conversation = pair(fay, gus);
    save(fay, conversation, 3);

    assertThat(standings(fay, at(conversation, 1))).containsExactly(standing(conversation, 1, 5));
    assertThat(standings(fay, at(conversation, 4).setSkipBacklog(true)))
        .containsExactly(standing(conversation, 4, 5));
    assertThat(standings(fay, at(conversation, 99))).containsExactly(standing(conversation, 5, 5));
    save(fay, conversation, 77);
    assertThat(opened(fay).getStandingsList()).containsExactly(standing(conversation, 5, 5));
  }

  @Test
  void skippedBacklogIsSkippedOnceAndWhatCameMeanwhileIsNot() {
    SessionOpened hal = user("hal");
    SessionOpened ida = user("ida");
    written(ida, hal, 4);
    OpenConnection.Builder skipping = OpenConnection.newBuilder().setSkipBacklog(true);
    String conversation = pair(hal, ida);

    assertThat(standings(hal, skipping)).containsExactly(standing(conversation, 4, 4));
    written(ida, hal, 2);

    assertThat(standings(hal, skipping)).containsExactly(standing(conversation, 4, 6));
    assertThat(opened(hal).getStandingsList()).containsExactly(standing(conversation, 4, 6));
  }

  @Test
  void newSessionOfADeviceIsInTheRoomsThatTheDeviceJoinedAndDidNotLeave() {
    SessionOpened jim = user("jim");
    posted(user("poster"), 1, 3);
    await(join(jim.getToken(), 1));
    await(join(jim.getToken(), 2));
    await(join(jim.getToken(), 3));
    await(leave(jim, 3));
    SessionOpened again = await(loginOf("jim", deviceOf(jim)));

    assertThat(await(post(again, 2)).getSeq()).as("before it has connected").isEqualTo(1);
    assertThat(opened(again).getStandingsList())
        .containsExactlyInAnyOrder(standing("room:1", 3, 3), standing("room:2", 0, 1));
    assertThat(await(post(again, 1)).getSeq()).isEqualTo(4);
    assertRefused(post(again, 3), ErrorCode.FORBIDDEN, "join room 3 first");
    assertThat(opened(await(loginOf("jim", 0))).getStandingsList()).isEmpty();
  }

  @Test
  void roomThatIsNamedIsJoined() {
    SessionOpened kim = user("kim");
    posted(user("writer"), 11, 3);

    assertThat(
            standings(kim, at("room:11", 1).putCursors("room:12", 0).putCursors("room:13", 1_000)))
        .containsExactlyInAnyOrder(
            standing("room:11", 1, 3), standing("room:12", 0, 0), standing("room:13", 0, 0));
    assertThat(await(post(kim, 11)).getSeq()).isEqualTo(4);
    assertThat(opened(kim).getStandingsList())
        .contains(standing("room:11", 1, 4), standing("room:13", 0, 0));
  }

  @Test
  void attemptThatWasOvertakenBringsTheDeviceIntoNoRoom() {
    SessionOpened kay = user("kay");
    await(open(at("room:14", 0).setInstance("client").setAttempt(8), kay));
    long number = await(open(attempt(9), kay)).getNumber();
    await(leave(kay, 14));

    ConnectionAdmitted late =
        await(open(at("room:14", 0).setInstance("client").setAttempt(7), kay));

    assertThat(late.getNumber()).isZero();
    assertThat(ended(connection(kay, number))).isEmpty();
    assertRefused(post(kay, 14), ErrorCode.FORBIDDEN, "join room 14 first");
    assertThat(await(open(attempt(10), kay)).getStandingsList()).isEmpty();
  }

  private static OpenConnection.Builder attempt(long attempt) {
    return OpenConnection.newBuilder().setInstance("client").setAttempt(attempt);
  }

  @Test
  void refusedRequestLeavesTheConnectionThatThereIs() {
    SessionOpened lea = user("lea");
    SessionOpened max = user("max");
    SessionOpened ned = user("ned");
    Connection connection = connection(lea, opened(lea).getNumber());

    assertRefused(open(at(pair(max, ned), 0), lea), ErrorCode.FORBIDDEN, pair(max, ned));
    for (String name :
        List.of(
            "room:0",
            "room:07",
            "room:x",
            "room:",
            "direct:9:3",
            "direct:1",
            "direct:1:2:3",
            "",
            "user:1")) {
      assertRefused(open(at(name, 0), lea), ErrorCode.BAD_REQUEST, "not " + name);
    }
    assertRefused(open(at("room:1", -1), lea), ErrorCode.BAD_REQUEST, "room:1");
    OpenConnection.Builder many = OpenConnection.newBuilder();
    for (int room = 1; room <= 1_001; room++) {
      many.putCursors("room:" + room, 0);
    }
    assertRefused(open(many, lea), ErrorCode.FORBIDDEN, "1000 rooms");
    assertThat(ended(connection)).isEmpty();
    assertThat(opened(lea).getStandingsList()).isEmpty();
  }

  @Test
  void conversationsAreListedWithTheCursorsOfTheDevice() {
    SessionOpened oda = user("oda");
    SessionOpened pia = user("pia");
    written(oda, pia, 2);
    await(join(oda.getToken(), 21));
    save(oda, pair(oda, pia), 1);

    assertThat(conversations(oda))
        .containsExactlyInAnyOrder(standing(pair(oda, pia), 1, 2), standing("room:21", 0, 0));
    assertThat(conversations(await(login("oda", PASSWORD))))
        .containsExactly(standing(pair(oda, pia), 0, 2));
  }

  private List<Standing> standings(SessionOpened session, OpenConnection.Builder request) {
    return await(open(request, session)).getStandingsList();
  }

  private List<Standing> conversations(SessionOpened session) {
    ListConversations request = ListConversations.newBuilder().setToken(session.getToken()).build();
    return await(ask(logic -> logic.conversations(request))).getStandingsList();
  }

  private void save(SessionOpened session, String conversation, long seq) {
    DeviceCursor cursor =
        DeviceCursor.newBuilder()
            .setDeviceId(deviceOf(session))
            .setConversation(conversation)
            .setSeq(seq)
            .build();
    await(ask(logic -> logic.saveCursors(SaveCursors.newBuilder().addCursors(cursor).build())));
  }

  private Future<SendAck> post(SessionOpened session, long room) {
    return ask(logic -> logic.send(toRoom(session.getToken(), room, "hello").build()));
  }

  private List<EndedConnection> ended(Connection... connections) {
    CheckConnections request =
        CheckConnections.newBuilder().addAllConnections(List.of(connections)).build();
    return await(ask(logic -> logic.checkConnections(request))).getEndedList();
  }

  private static OpenConnection.Builder at(String conversation, long seq) {
    return OpenConnection.newBuilder().putCursors(conversation, seq);
  }

  private static Connection connection(SessionOpened session, long number) {
    return Connection.newBuilder()
        .setSessionId(session.getIdentity().getSessionId())
        .setNumber(number)
        .build();
  }

  private static ConnectionOpened openedEvent(SessionOpened session, Connection connection) {
    return ConnectionOpened.newBuilder()
        .setUserId(idOf(session))
        .setSessionId(connection.getSessionId())
        .setNumber(connection.getNumber())
        .build();
  }

  private static UserHead head(SessionOpened user, String conversation, long head) {
    return UserHead.newBuilder()
        .setUserId(idOf(user))
        .setConversation(conversation)
        .setHead(head)
        .build();
  }
}
