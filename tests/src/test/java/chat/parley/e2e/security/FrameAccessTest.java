package chat.parley.e2e.security;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V2Client;
import chat.parley.proto.v2.Acknowledge;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.Join;
import chat.parley.proto.v2.Leave;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.ReadHistory;
import chat.parley.proto.v2.ReadMembers;
import chat.parley.proto.v2.Resume;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.ServerFrame.BodyCase;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/access.md is true of every frame of v2, as text on a WebSocket and as bytes on TCP. */
@RunningParley
class FrameAccessTest {
  private static final int ASKED = 1;

  private Scene scene;

  @Test
  void everyFrameThatThereIsHasItsRow() {
    Set<String> frames =
        ClientFrame.getDescriptor().getOneofs().get(0).getFields().stream()
            .map(FieldDescriptor::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> rows = new TreeSet<>(AccessPage.operations("Frames of v2"));
    rows.addAll(AccessPage.operations("Hello"));
    assertThat(rows).isEqualTo(frames);
  }

  @ParameterizedTest
  @EnumSource(names = {"WEB_SOCKET_JSON", "TCP"})
  void everyCellOfThePageHolds(Carrier carrier, Clients clients) {
    scene = new Scene(clients);
    Map<String, Supplier<Hello.Builder>> hellos = hellos();
    AccessPage.requireTrue("Hello", cell -> said(carrier, hellos.get(cell.row())));
    Map<String, ClientFrame> frames = frames();
    assertThat(AccessPage.rows("Frames of v2")).isEqualTo(frames.keySet());
    AccessPage.requireTrue(
        "Frames of v2",
        cell -> {
          // Each on a connection of its own: some end it, and who left a room is in it no more.
          try (V2Client client = clients.connect(carrier)) {
            if (!cell.column().equals("before Hello")) {
              client.open(newDevice(cell.column().endsWith("inside")));
            }
            return outcome(client, cell, frames.get(cell.row()));
          }
        });
  }

  /** Of its own, because a device has one connection. */
  private String newDevice(boolean inside) {
    Scene.Person person = inside ? scene.inside : scene.outside;
    String token = scene.clients.v2().anotherDevice(person.device(), "of a frame").token();
    if (inside) {
      scene.clients.v2().join(token, scene.room);
    }
    return token;
  }

  private Map<String, Supplier<Hello.Builder>> hellos() {
    String inside = scene.inside.device().token();
    return Map.of(
        "`hello` without a token", () -> V2Client.hello(""),
        "`hello` with a dead token", () -> null,
        "`hello` with a token of v1", () -> V2Client.hello(scene.inside.v1()),
        "`hello` with a device's token", () -> V2Client.hello(inside),
        "`hello` naming another device",
            () -> V2Client.hello(inside).setDeviceId(scene.outside.device().deviceId()),
        "`hello` with a cursor in a conversation of others",
            () ->
                V2Client.hello(scene.outside.device().token())
                    .addCursors(Position.newBuilder().setConversation(scene.direct)));
  }

  private String said(Carrier carrier, Supplier<Hello.Builder> hello) {
    Hello.Builder one = hello.get();
    List<Hello.Builder> all =
        one != null ? List.of(one) : scene.deadTokens().stream().map(V2Client::hello).toList();
    Set<String> outcomes = new LinkedHashSet<>();
    for (Hello.Builder each : all) {
      try (V2Client client = scene.clients.connect(carrier)) {
        client.say(each);
        outcomes.add(
            Eventually.find(
                "an answer to hello",
                Eventually.SOON,
                () -> goodbye(client).or(() -> found(client, BodyCase.WELCOME))));
      }
    }
    return String.join(" or ", outcomes);
  }

  private Map<String, ClientFrame> frames() {
    ReadHistory.Builder history = ReadHistory.newBuilder();
    return Map.ofEntries(
        row("`hello`, a second one", f().setHello(V2Client.hello("any"))),
        row("`send` to a room", send(Send.newBuilder().setRoomId(scene.room))),
        row("`send` to a user", send(Send.newBuilder().setToUserId(scene.peer.id()))),
        row(
            "`send` to a conversation between two users",
            send(Send.newBuilder().setConversation(scene.direct))),
        row(
            "`acknowledge` between two users",
            f().setAcknowledge(
                    Acknowledge.newBuilder()
                        .addPositions(
                            Position.newBuilder().setConversation(scene.direct).setSeq(1)))),
        row("`heartbeat`", f().setHeartbeat(Heartbeat.newBuilder())),
        row("`resume` of a room", resume("room:" + scene.room)),
        row("`resume` between two users", resume(scene.direct)),
        row("`join`", f().setJoin(Join.newBuilder().setRoomId(Clients.newRoom()))),
        row("`leave`", f().setLeave(Leave.newBuilder().setRoomId(Clients.newRoom()))),
        row(
            "`read_history` of a room",
            f().setReadHistory(history.setConversation("room:" + scene.room).build())),
        row(
            "`read_history` between two users",
            f().setReadHistory(history.setConversation(scene.direct).build())),
        row("`read_members`", f().setReadMembers(ReadMembers.newBuilder().setRoomId(scene.room))),
        row("`find_user`", f().setFindUser(FindUser.newBuilder().setUserId(scene.peer.id()))),
        row("`goodbye`", f().setGoodbye(Goodbye.newBuilder())));
  }

  private static ClientFrame.Builder f() {
    return ClientFrame.newBuilder().setRef(ASKED);
  }

  private static Map.Entry<String, ClientFrame> row(String name, ClientFrame.Builder frame) {
    return Map.entry(name, frame.build());
  }

  private static ClientFrame.Builder send(Send.Builder message) {
    return f().setSend(
            message.setClientMessageId(UUID.randomUUID().toString()).setText("by the matrix"));
  }

  private static ClientFrame.Builder resume(String conversation) {
    return f().setResume(Resume.newBuilder().setConversation(conversation));
  }

  private String outcome(V2Client client, AccessPage.Cell cell, ClientFrame frame) {
    String resumed = frame.getResume().getConversation();
    int before = client.messages(resumed).size();
    client.send(frame);
    return switch (cell.expected()) {
      case "messages" -> {
        Eventually.eventually("messages", () -> client.messages(resumed).size() > before);
        yield "messages";
      }
      case "nothing" -> {
        awaitLaterAnswers(client);
        yield client.messages(resumed).size() > before
            ? "messages"
            : answer(client).orElse("nothing");
      }
      default ->
          Eventually.find(
              cell + " to be answered",
              Eventually.SOON,
              () -> goodbye(client).or(() -> answer(client)));
    };
  }

  /** Through logic and the store, the way that messages of a conversation would come. */
  private void awaitLaterAnswers(V2Client client) {
    for (int ref = ASKED + 1; ref <= ASKED + 2; ref++) {
      client.send(
          ClientFrame.newBuilder()
              .setRef(ref)
              .setReadHistory(ReadHistory.newBuilder().setConversation("room:" + scene.room))
              .build());
      client.awaitAnswer(ref);
    }
  }

  private static Optional<String> answer(V2Client client) {
    return client.frames().stream()
        .filter(frame -> frame.getRe() == ASKED)
        .map(f -> f.hasError() ? f.getError().getCode().name() : "yes")
        .findFirst();
  }

  private static Optional<String> found(V2Client client, BodyCase body) {
    return client.frames(body).stream().map(any -> "yes").findFirst();
  }

  private static Optional<String> goodbye(V2Client client) {
    return client.frames(BodyCase.GOODBYE).stream()
        .map(ServerFrame::getGoodbye)
        .map(goodbye -> "closed: " + goodbye.getCode())
        .findFirst();
  }
}
