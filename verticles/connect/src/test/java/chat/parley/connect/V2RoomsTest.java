package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.HistoryPage;
import chat.parley.proto.v2.Join;
import chat.parley.proto.v2.Joined;
import chat.parley.proto.v2.Leave;
import chat.parley.proto.v2.Message;
import chat.parley.proto.v2.ReadHistory;
import chat.parley.proto.v2.ReadMembers;
import chat.parley.proto.v2.ServerFrame;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining and leaving rooms on a v2 connection, and what else it is asked. */
class V2RoomsTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;
  private String test;
  private V2Client client;

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder, 1, new JsonObject());
    demo = mesh.rooms().device(11, 1, "demo");
    test = mesh.rooms().device(22, 2, "test");
    client = mesh.device(V2Client.Kind.PROTOBUF, demo);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void aNewRoomIsSentFromNowOn() {
    say(3);
    client.join(2, Join.newBuilder().setRoomId(ROOM));
    assertThat(client.answer(2).getJoined()).isEqualTo(joined(3, 3));
    say(2);
    client.awaitSeq("room:7", 5);
    assertThat(client.seqs("room:7")).containsExactly(4L, 5L);
  }

  @Test
  void aRoomIsSentFromWhereTheClientWantsAndJoinedComesBeforeItsMessages() {
    say(300);
    client.join(2, Join.newBuilder().setRoomId(ROOM).setAfter(100));
    client.awaitSeq("room:7", 300);
    assertThat(client.answer(2).getJoined()).isEqualTo(joined(300, 100));
    assertThat(client.seqs("room:7")).isEqualTo(seqs(101, 300));
    assertJoinedIsBeforeTheMessages();
    client.join(3, Join.newBuilder().setRoomId(ROOM).setAfter(298));
    Await.until("two came again", () -> client.seqs("room:7").size() >= 202);
    assertThat(client.answer(3).getJoined()).isEqualTo(joined(300, 298));
    say(1);
    client.awaitSeq("room:7", 301);
    assertThat(client.seqs("room:7").subList(200, 203)).containsExactly(299L, 300L, 301L);
  }

  @Test
  void joiningAgainChangesNothing() {
    client.join(2, Join.newBuilder().setRoomId(ROOM)).answer(2);
    say(2);
    client.awaitSeq("room:7", 2);
    client.acknowledge("room:7", 1);
    client.join(3, Join.newBuilder().setRoomId(ROOM)).answer(3);
    say(1);
    client.awaitSeq("room:7", 3);
    assertThat(client.seqs("room:7")).containsExactly(1L, 2L, 3L);
  }

  @Test
  void whatIsSaidWhileAJoinIsUnderWayComesOnceAndBehindJoined() {
    mesh.rooms().hold(Addresses.JOIN_ROOM);
    client.join(2, Join.newBuilder().setRoomId(ROOM));
    mesh.rooms().awaitHeld(Addresses.JOIN_ROOM);
    say(5);
    mesh.rooms().letGo(Addresses.JOIN_ROOM);
    say(5);
    client.awaitSeq("room:7", 10);
    assertThat(client.answer(2).getJoined()).isEqualTo(joined(0, 0));
    assertThat(client.seqs("room:7")).isEqualTo(seqs(1, 10));
    assertJoinedIsBeforeTheMessages();
  }

  @Test
  void afterLeftNothingOfTheRoomComes() {
    mesh.rooms().devices().cursor(22, "room:7", 0);
    V2Client stays = mesh.device(V2Client.Kind.TCP, test);
    client.join(2, Join.newBuilder().setRoomId(ROOM)).answer(2);
    say(1);
    client.awaitSeq("room:7", 1);
    client.send(leave(3)).answer(3);
    say(1);
    stays.awaitSeq("room:7", 2);
    mesh.rooms().whisper(test, 1, "behind it");
    client.awaitSeq("direct:1:2", 1);
    assertThat(client.answer(3).getLeft().getRoomId()).isEqualTo(ROOM);
    assertThat(client.seqs("room:7")).containsExactly(1L);
    assertThat(mesh.rooms().devices().cursorOf(11, "room:7")).isNull();
    client.send(leave(4)).answer(4);
  }

  @Test
  void joinsAndLeavesTakePlaceInTheOrderInWhichTheyWereSent() {
    for (int i = 0; i < 7; i++) {
      client.join(2 + 2 * i, Join.newBuilder().setRoomId(ROOM)).send(leave(3 + 2 * i));
    }
    client.join(16, Join.newBuilder().setRoomId(ROOM)).answer(16);
    for (int ref = 2; ref <= 16; ref++) {
      assertThat(client.answer(ref).hasJoined()).isEqualTo(ref % 2 == 0);
    }
    assertThat(client.frames().stream().map(ServerFrame::getRe).filter(re -> re > 1))
        .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    say(1);
    client.awaitSeq("room:7", 1);
    assertThat(client.seqs("room:7")).containsExactly(1L);
  }

  @Test
  void whatIsSaidOfARoomOnAConnectionThatWasReplacedChangesNothing() {
    mesh.rooms().devices().silent();
    client.join(2, Join.newBuilder().setRoomId(ROOM)).answer(2);
    V2Client newer = mesh.device(V2Client.Kind.TCP, demo);
    client.send(leave(3));
    assertThat(client.goodbye().getCode()).isEqualTo(Goodbye.Code.REPLACED);
    assertThat(client.of(ServerFrame.BodyCase.LEFT)).isEmpty();
    say(1);
    newer.awaitSeq("room:7", 1);
    newer.send(leave(4)).answer(4);

    V2Client newest = mesh.device(V2Client.Kind.JSON, demo);
    newer.join(5, Join.newBuilder().setRoomId(ROOM));
    assertThat(newer.goodbye().getCode()).isEqualTo(Goodbye.Code.REPLACED);
    assertThat(newer.of(ServerFrame.BodyCase.JOINED)).isEmpty();
    assertThat(mesh.rooms().devices().cursorOf(11, "room:7")).isNull();
    newest.join(6, Join.newBuilder().setRoomId(ROOM)).answer(6);
  }

  @Test
  void aRoomThatWasLeftMayBeReadFromItsBeginningLater() {
    client.join(2, Join.newBuilder().setRoomId(ROOM)).answer(2);
    say(5);
    client.awaitSeq("room:7", 5);
    int saved = mesh.rooms().devices().saved().size();
    client.acknowledge("room:7", 5).send(leave(3));
    client.join(4, Join.newBuilder().setRoomId(ROOM).setAfter(0)).answer(4);
    Await.until("it has all again", () -> client.seqs("room:7").size() >= 10);
    client.acknowledge("room:7", 1);
    Await.until("a cursor is saved", () -> mesh.rooms().devices().saved().size() > saved);
    Await.until(
        "it is where the device is now", () -> mesh.rooms().devices().cursorOf(11, "room:7") == 1);
  }

  @Test
  void aRequestThatFailsIsAnsweredWithItsErrorAndTheConnectionStays() {
    client.join(2, Join.newBuilder().setRoomId(-1));
    assertThat(client.answer(2).getError().getCode()).isEqualTo(Error.Code.BAD_REQUEST);
    assertThat(client.answer(2).getError().getMessage()).isEqualTo("roomId must be above 0");
    client.send(find(3, FindUser.getDefaultInstance()));
    assertThat(client.answer(3).getError().getCode()).isEqualTo(Error.Code.NOT_FOUND);
    client.join(4, Join.newBuilder().setRoomId(ROOM));
    assertThat(client.answer(4).hasJoined()).isTrue();
  }

  @Test
  void tooManyRequestsUnderWayAreRefusedAndTheOthersAnswered() {
    mesh.rooms().hold(Addresses.FIND_USER);
    FindUser find = FindUser.newBuilder().setUserName("somebody").build();
    for (int ref = 2; ref <= 18; ref++) {
      client.send(find(ref, find));
    }
    assertThat(client.answer(18).getError().getCode()).isEqualTo(Error.Code.TOO_MANY_IN_FLIGHT);
    assertThat(client.answer(18).getError().getRetryable()).isTrue();
    mesh.rooms().letGo(Addresses.FIND_USER);
    for (int ref = 2; ref <= 17; ref++) {
      assertThat(client.answer(ref).getUser().getConversation()).isEqualTo("direct:1:9");
    }
  }

  @Test
  void historyAndMembersAreAnswered() {
    say(250);
    ReadHistory read = ReadHistory.newBuilder().setConversation("room:7").setAfter(0).build();
    client.send(ClientFrame.newBuilder().setRef(2).setReadHistory(read).build());
    HistoryPage page = client.answer(2).getHistoryPage();
    assertThat(page.getConversation()).isEqualTo("room:7");
    assertThat(page.getHasMore()).isTrue();
    assertThat(page.getMessagesList().stream().map(Message::getSeq))
        .containsExactlyElementsOf(seqs(1, 200));
    ReadMembers members = ReadMembers.newBuilder().setRoomId(ROOM).build();
    client.send(ClientFrame.newBuilder().setRef(3).setReadMembers(members).build());
    assertThat(client.answer(3).getMembers().getCount()).isEqualTo(2);
    assertThat(client.answer(3).getMembers().getMembers(1).getUserName())
        .isEqualTo("member number 2");
  }

  private void assertJoinedIsBeforeTheMessages() {
    List<ServerFrame> frames = client.frames();
    int first = frames.indexOf(client.of(ServerFrame.BodyCase.BATCH).get(0));
    assertThat(frames.indexOf(client.of(ServerFrame.BodyCase.JOINED).get(0))).isLessThan(first);
  }

  private void say(int count) {
    for (int i = 0; i < count; i++) {
      mesh.rooms().say(ROOM, test, "text");
    }
  }

  private static Joined joined(long head, long after) {
    return Joined.newBuilder()
        .setRoomId(ROOM)
        .setConversation("room:7")
        .setHead(head)
        .setAfter(after)
        .build();
  }

  private static ClientFrame leave(int ref) {
    return ClientFrame.newBuilder()
        .setRef(ref)
        .setLeave(Leave.newBuilder().setRoomId(ROOM))
        .build();
  }

  private static ClientFrame find(int ref, FindUser find) {
    return ClientFrame.newBuilder().setRef(ref).setFindUser(find).build();
  }

  private static List<Long> seqs(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}
