package chat.parley.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.History;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.Load;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.Room;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V1Http.Answer;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RunningParley
class GochatFaultsTest {

  private static <T> List<T> atOnce(int threads, List<Callable<T>> calls) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : pool.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  /** Fault 1. */
  @ParameterizedTest
  @ValueSource(ints = {0xffff, 0x0000, 0x0001, 0x0003, 0x8000})
  void fiveHostileBytesCloseTheirOwnConnectionOnly(
      int length, Clients clients, ParleyProcess parley) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp bystander = clients.joinTcp(user, room);
    V1Tcp hostile = clients.tcp();
    hostile.sendBytes((byte) 'v', (byte) '1', (byte) (length >> 8), (byte) length, (byte) 'x');
    hostile.awaitClose();
    bystander.say(user.token(), room, "nobody else was hurt");
    bystander.awaitText("nobody else was hurt");
    assertThat(parley.isReady()).isTrue();
  }

  /** Fault 2. */
  @Test
  void privateMessageToAnOfflineUserStopsNothing(Clients clients) {
    User from = clients.newUser();
    User away = clients.newUser();
    long room = Clients.newRoom();
    for (int n = 0; n < 3; n++) {
      assertThat(clients.http().push(from, away.id(), room, "while you were away").ok()).isTrue();
    }
    V1WebSocket back = clients.join(away, room);
    clients.http().push(from, away.id(), room, "now you are here");
    back.awaitFrame(
        V1Client.DIRECT, frame -> frame.path("msg").asText().equals("now you are here"));
  }

  /** Fault 2, the user nobody ever was. */
  @Test
  void privateMessageToNobodyIsRefused(Clients clients) {
    User from = clients.newUser();
    Answer refused = clients.http().push(from, 999_999_999, Clients.newRoom(), "to nobody");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.message()).isNotBlank();
  }

  /** Fault 3. */
  @Test
  void joiningTwiceDeliversOnce(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.webSocket();
    V1Tcp tcp = clients.tcp();
    for (int n = 0; n < 5; n++) {
      socket.join(user.token(), room);
      tcp.join(user.token(), room);
    }
    clients.awaitJoined(socket, user, room);
    clients.awaitJoined(tcp, user, room);
    for (int n = 1; n <= 5; n++) {
      clients.http().pushRoom(user, room, "only once, number " + n);
    }
    List<String> expected =
        IntStream.rangeClosed(1, 5).mapToObj(n -> "only once, number " + n).toList();
    socket.awaitText("only once, number 5");
    tcp.awaitText("only once, number 5");
    assertThat(socket.texts()).isEqualTo(expected);
    assertThat(tcp.texts()).isEqualTo(expected);
  }

  /** Fault 5. */
  @Test
  void roomMessageByTcpNeedsAValidToken(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket member = clients.join(user, room);
    V1Tcp stranger = clients.tcp();
    stranger.send(
        Json.of(
            "op",
            3,
            "roomId",
            room,
            "msg",
            "let me in",
            "fromUserId",
            user.id(),
            "fromUserName",
            user.name()));
    stranger.awaitClose();
    clients.http().pushRoom(user, room, "was somebody there?");
    member.awaitText("was somebody there?");
    assertThat(member.texts()).containsExactly("was somebody there?");
  }

  /** Fault 5. */
  @Test
  void nameClaimedInATcpFrameIsIgnored(Clients clients) {
    User honest = clients.newUser();
    User liar = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket member = clients.join(honest, room);
    V1Tcp tcp = clients.joinTcp(liar, room);
    tcp.send(
        Json.of(
            "op",
            3,
            "authToken",
            liar.token(),
            "roomId",
            room,
            "msg",
            "I am somebody else",
            "fromUserId",
            honest.id(),
            "fromUserName",
            honest.name()));
    var frame = member.awaitText("I am somebody else");
    assertThat(frame.path("fromUserId").asLong()).isEqualTo(liar.id());
    assertThat(frame.path("fromUserName").asText()).isEqualTo(liar.name());
  }

  /** Fault 6. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void closingOneOfTwoTabsLeavesTheOtherInTheRoom(int closedFirst, Clients clients) {
    User user = clients.newUser();
    User other = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket watcher = clients.join(other, room);
    List<V1WebSocket> tabs = List.of(clients.join(user, room), clients.join(user, room));
    V1WebSocket closing = tabs.get(closedFirst);
    V1WebSocket staying = tabs.get(1 - closedFirst);
    closing.leave();
    closing.awaitClose();
    clients.http().pushRoom(other, room, "the other tab hears this");
    staying.awaitText("the other tab hears this");
    assertThat(askedCount(clients, watcher, other, room)).isEqualTo(2);
    staying.leave();
    Eventually.eventually("a count of one", () -> askedCount(clients, watcher, other, room) == 1);
  }

  private static int askedCount(Clients clients, V1Client socket, User user, long room) {
    int before = socket.frames(V1Client.COUNT).size();
    clients.http().count(user, room);
    Eventually.eventually("a figure", () -> socket.frames(V1Client.COUNT).size() > before);
    return socket.frames(V1Client.COUNT).get(before).path("count").asInt();
  }

  /** Fault 7. */
  @Test
  void parallelLoginsAllSucceed(Clients clients) throws Exception {
    List<User> users = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      users.add(clients.newUser());
    }
    List<Callable<Answer>> logins =
        IntStream.range(0, 400)
            .<Callable<Answer>>mapToObj(
                n -> {
                  User user = users.get(n % users.size());
                  return () -> clients.http().login(user.name(), user.password());
                })
            .toList();
    List<Answer> answers = atOnce(400, logins);
    assertThat(answers.stream().map(Answer::message).collect(Collectors.toSet()))
        .containsExactly("login success");
    for (User user : users) {
      List<String> alive = new ArrayList<>();
      for (int n = users.indexOf(user); n < answers.size(); n += users.size()) {
        String token = answers.get(n).data().asText();
        Answer checked = clients.http().checkAuth(token);
        if (checked.ok()) {
          assertThat(checked.data().path("userId").asLong()).isEqualTo(user.id());
          alive.add(token);
        }
      }
      assertThat(alive).as("tokens of %s that are left", user).hasSize(1);
    }
  }

  /** Fault 8. */
  @Test
  void ofParallelRegistrationsOfOneNameExactlyOneSucceeds(Clients clients) throws Exception {
    String name = V1Http.newName();
    List<Callable<Answer>> registrations =
        IntStream.range(0, 60)
            .<Callable<Answer>>mapToObj(
                n -> () -> clients.http().register(name, "password number " + n))
            .toList();
    List<Answer> answers = atOnce(60, registrations);
    List<Answer> won = answers.stream().filter(Answer::ok).toList();
    assertThat(won).hasSize(1);
    assertThat(
            answers.stream().filter(a -> !a.ok()).map(Answer::message).collect(Collectors.toSet()))
        .containsExactly("this user name already have , please login !!!");
    assertThat(
            clients.http().checkAuth(won.get(0).data().asText()).data().path("userName").asText())
        .isEqualTo(name);
    int winner = answers.indexOf(won.get(0));
    assertThat(clients.http().login(name, "password number " + winner).ok()).isTrue();
    assertThat(clients.http().login(name, "password number " + (winner + 1) % 60).ok()).isFalse();
  }

  /** Fault 9. */
  @Test
  void membersSeeParallelSendersInTheOrderOfTheHistory(Clients clients) {
    long room = Clients.newRoom();
    List<User> users = new ArrayList<>();
    List<V1Client> members = new ArrayList<>();
    for (int n = 0; n < 6; n++) {
      User user = clients.newUser();
      users.add(user);
      members.add(n % 2 == 0 ? clients.join(user, room) : clients.joinTcp(user, room));
    }
    History history;
    try (Load load = new Load(List.of(clients.http()), users, room)) {
      load.awaitMore(600);
      history = load.awaitKept(clients.http(), users.get(0));
      assertThat(load.refusals()).isEmpty();
    }
    for (V1Client member : members) {
      Eventually.holds(() -> Room.assertHeardAll(member, history));
      assertThat(member.texts()).hasSize(history.messages().size());
    }
  }

  /** Fault 10, and fault 1 of the frame from the sender's side. */
  @Test
  void messageTooLargeIsRefusedByNameAndNothingElseSuffers(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp tcp = clients.joinTcp(user, room);
    Answer refused = clients.http().pushRoom(user, room, "x".repeat(33_000));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.message()).containsPattern("too (long|large)|larger");
    Answer huge = clients.http().pushRoom(user, room, "x".repeat(3_000_000));
    assertThat(huge.code()).isEqualTo(1);
    assertThat(huge.message()).containsPattern("too (long|large)|larger");
    assertThat(clients.http().pushRoom(user, room, "the next one goes").ok()).isTrue();
    tcp.awaitText("the next one goes");
    assertThat(tcp.texts()).containsExactly("the next one goes");
  }

  /** Fault 10: what fits comes whole, by TCP too. */
  @Test
  void largestMessageArrivesWhole(Clients clients) {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1Tcp tcp = clients.joinTcp(user, room);
    String text = "\u00fc".repeat(15_000);
    Answer sent = clients.http().pushRoom(user, room, text);
    assertThat(sent.ok()).as(sent.toString()).isTrue();
    assertThat(tcp.awaitFrame(V1Client.ROOM).path("msg").asText()).isEqualTo(text);
  }

  /** Fault 11. */
  @Test
  void everyFrameThatAWebSocketGetsIsAJsonObjectWithAnOp(Clients clients) {
    User stays = clients.newUser();
    User leaves = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(stays, room);
    clients.join(leaves, room).leave();
    Eventually.eventually("one member", () -> askedCount(clients, socket, stays, room) == 1);
    assertThat(socket.raw())
        .isNotEmpty()
        .allSatisfy(frame -> assertThat(Json.parse(frame).path("op").asInt()).isBetween(2, 5));
  }

  /** Fault 15. */
  @Test
  void postingWithoutHavingJoinedIsRefused(Clients clients) {
    User member = clients.newUser();
    User outsider = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket socket = clients.join(member, room);
    Answer refused = clients.http().pushRoom(outsider, room, "I never joined");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.message()).contains("join room " + room + " first");
    V1Tcp tcp = clients.joinTcp(outsider, Clients.newRoom());
    tcp.say(outsider.token(), room, "nor by tcp");
    clients.http().pushRoom(member, room, "among ourselves");
    socket.awaitText("among ourselves");
    Eventually.eventually(
        "the message in the history",
        () -> !History.of(clients.http(), member, room).texts().isEmpty());
    assertThat(History.of(clients.http(), member, room).texts()).containsExactly("among ourselves");
  }

  /** Fault 15: the join may still be on its way when the first message comes. */
  @Test
  void postingRightBehindTheJoinIsAccepted(Clients clients) {
    for (int n = 0; n < 20; n++) {
      User user = clients.newUser();
      long room = Clients.newRoom();
      clients.webSocket().join(user.token(), room);
      Answer sent = clients.http().pushRoom(user, room, "right behind the join");
      assertThat(sent.ok()).as(sent.toString()).isTrue();
    }
  }

  /** Fault 15. */
  @Test
  void hundredJoinsCostAHandfulOfLists(Clients clients) throws Exception {
    User user = clients.newUser();
    long room = Clients.newRoom();
    V1WebSocket watcher = clients.join(user, room);
    int before = watcher.frames(V1Client.MEMBERS).size();
    List<User> users =
        atOnce(8, IntStream.range(0, 100).<Callable<User>>mapToObj(n -> clients::newUser).toList());
    long start = System.nanoTime();
    users.forEach(u -> clients.webSocket().join(u.token(), room));
    watcher.awaitFrame(V1Client.MEMBERS, list -> list.path("count").asInt() == 101);
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    assertThat(watcher.frames(V1Client.MEMBERS).size() - before)
        .as("lists in %s seconds", seconds)
        .isLessThanOrEqualTo((int) seconds + 3);
  }

  /** Fault 16. */
  @Test
  void idsAreUnique(Clients clients) {
    long room = Clients.newRoom();
    List<User> users = List.of(clients.newUser(), clients.newUser(), clients.newUser());
    users.forEach(user -> clients.join(user, room));
    try (Load load = new Load(List.of(clients.http()), users, room)) {
      load.awaitMore(200);
      History history = load.awaitKept(clients.http(), users.get(0));
      Set<String> ids =
          history.messages().stream().map(m -> m.path("id").asText()).collect(Collectors.toSet());
      assertThat(ids).hasSize(history.messages().size());
    }
  }
}
