package chat.parley.e2e.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.V2Client;
import chat.parley.e2e.support.V2Http.Login;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.NotRecovered;
import chat.parley.proto.v2.Position;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.ServerFrame.BodyCase;
import chat.parley.proto.v2.Welcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens by itself when time passes, on a server with little patience and small rooms. */
class DeadlinesTest {
  private static final int HEARTBEAT_MS = 1_000;
  private static final int ACKNOWLEDGE_WITHIN_MS = 1_200;
  private static final int ROOM_HISTORY = 50;

  private static ParleyProcess parley;
  private Clients clients;

  @BeforeAll
  static void start() {
    parley =
        ParleyProcess.up(DataFolder.create())
            .with("PARLEY_V2_HEARTBEAT_INTERVAL", HEARTBEAT_MS + "ms")
            .with("PARLEY_V2_ACKNOWLEDGE_WITHIN", ACKNOWLEDGE_WITHIN_MS + "ms")
            .with("PARLEY_V2_ACKNOWLEDGE_AFTER", "100ms")
            .with("PARLEY_V2_CURSOR_SAVE", "200ms")
            .with("PARLEY_TASK_ROOM_HISTORY", "" + ROOM_HISTORY)
            .start();
  }

  @AfterAll
  static void stop() {
    parley.close();
  }

  @BeforeEach
  void arrive() {
    clients = new Clients(parley.endpoints());
  }

  @AfterEach
  void go() {
    clients.close();
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void silentClientIsSentAwayAndMayComeBack(Carrier carrier) {
    V2Client silent = clients.open(carrier, clients.v2().newUser());
    Goodbye goodbye = silent.awaitGoodbye();
    assertThat(goodbye.getCode()).isEqualTo(Goodbye.Code.SILENT);
    assertThat(goodbye.getReconnect()).isTrue();
    assertThat(silent.frames(BodyCase.HEARTBEAT)).isNotEmpty();
  }

  private static void beat(V2Client client) {
    client.send(ClientFrame.newBuilder().setHeartbeat(Heartbeat.newBuilder()).build());
  }

  /** Beats the heart of a client at every look, until it is so. */
  private static void beatingUntil(String what, V2Client client, Callable<Boolean> condition) {
    Eventually.eventually(
        what,
        () -> {
          boolean met = condition.call();
          if (!met && client.isOpen()) {
            beat(client);
          }
          return met;
        });
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void whatIsNotAcknowledgedIsSentAgainAndInTheEndTheConnectionIsClosed(Carrier carrier) {
    V2Client client = clients.open(carrier, clients.v2().newUser());
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    Rooms.join(client, room);
    client.sendAndAwait(1, Rooms.message(room, "the first of two"));
    client.sendAndAwait(2, Rooms.message(room, "the second of two"));
    beatingUntil("both", client, () -> client.seqs(conversation).size() == 2);
    client.acknowledge(conversation, 1);
    beatingUntil("the second one again", client, () -> client.seqs(conversation).size() > 2);
    assertThat(client.seqs(conversation)).startsWith(1L, 2L, 2L);
    beatingUntil("the end", client, () -> !client.isOpen());
    assertThat(client.seqs(conversation).stream().skip(1)).containsOnly(2L);
    Goodbye goodbye = client.awaitGoodbye();
    assertThat(goodbye.getCode()).isEqualTo(Goodbye.Code.NOT_ACKNOWLEDGED);
    assertThat(goodbye.getReconnect()).isTrue();
  }

  @Test
  void whatIsAcknowledgedIsNotSentAgain() {
    V2Client client = clients.open(Carrier.TCP, clients.v2().newUser());
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    Rooms.join(client, room);
    client.sendAndAwait(1, Rooms.message(room, "acknowledged at once"));
    beatingUntil("it", client, () -> client.seqs(conversation).size() == 1);
    client.acknowledge(conversation, 1);
    int beats = client.count(BodyCase.HEARTBEAT);
    beatingUntil("some time to pass", client, () -> client.count(BodyCase.HEARTBEAT) > beats + 3);
    assertThat(client.seqs(conversation)).containsExactly(1L);
    assertThat(client.isOpen()).isTrue();
  }

  @Test
  void heartbeatsTellTheNewestSeqSoThatALostLastMessageIsNoticed() {
    V2Client client = clients.open(Carrier.WEB_SOCKET_JSON, clients.v2().newUser());
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    Rooms.join(client, room);
    client.sendAndAwait(1, Rooms.message(room, "the last message"));
    Position head = Position.newBuilder().setConversation(conversation).setSeq(1).build();
    beatingUntil("a heartbeat with the head", client, () -> heads(client).contains(head));
    client.acknowledge(conversation, 1);
    beatingUntil(
        "a heartbeat without it",
        client,
        () -> {
          List<ServerFrame> beats = client.frames(BodyCase.HEARTBEAT);
          return beats.get(beats.size() - 1).getHeartbeat().getHeadsList().isEmpty();
        });
  }

  private static List<Position> heads(V2Client client) {
    return client.frames(BodyCase.HEARTBEAT).stream()
        .flatMap(frame -> frame.getHeartbeat().getHeadsList().stream())
        .toList();
  }

  @Test
  void settingsAreToldInTheWelcome() {
    Login device = clients.v2().newUser();
    Welcome welcome = clients.connect(Carrier.TCP).open(device.token());
    assertThat(welcome.getHeartbeatIntervalMs()).isEqualTo(HEARTBEAT_MS);
    assertThat(welcome.getLimits().getAcknowledgeWithinMs()).isEqualTo(ACKNOWLEDGE_WITHIN_MS);
    assertThat(welcome.getLimits().getAcknowledgeAfterMs()).isEqualTo(100);
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void whatARoomNoLongerKeepsIsNamedExactly(Carrier carrier) {
    Login away = clients.v2().newUser();
    long room = Clients.newRoom();
    String conversation = Rooms.conversation(room);
    try (V2Client before = clients.open(carrier, away)) {
      Rooms.join(before, room);
    }
    Login writer = clients.v2().newUser();
    V2Client sender = clients.open(Carrier.TCP, writer);
    Rooms.join(sender, room);
    int many = 4 * ROOM_HISTORY;
    for (int n = 1; n <= many; n++) {
      sender.sendAndAwait(n, Rooms.message(room, "soon forgotten " + n));
      sender.acknowledge(conversation, n);
    }
    long oldest =
        Eventually.find(
            "a room that has forgotten",
            Eventually.SOON,
            () -> {
              beat(sender);
              var page =
                  clients.v2().messages(writer.token(), conversation, "after=0&limit=1").body();
              long seq = page.path("messages").path(0).path("seq").asLong();
              return seq > 1 ? Optional.of(seq) : Optional.empty();
            });
    V2Client back = clients.connect(carrier);
    back.say(V2Client.hello(away.token()));
    back.awaitSynced();
    List<NotRecovered> lost =
        back.frames(BodyCase.NOT_RECOVERED).stream().map(ServerFrame::getNotRecovered).toList();
    assertThat(lost).isNotEmpty();
    assertThat(lost.get(0).getConversation()).isEqualTo(conversation);
    assertThat(lost.get(0).getFrom()).isEqualTo(1);
    assertThat(lost.get(0).getTo()).isGreaterThanOrEqualTo(oldest - 1);
    assertThat(Gaps.of(back, conversation, many)).isEmpty();
  }

  /** Seqs that neither came nor were named as lost, or that both came and were. */
  private static final class Gaps {
    static List<Long> of(V2Client client, String conversation, long last) {
      Set<Long> heard = new HashSet<>(client.seqs(conversation));
      List<Long> wrong = new ArrayList<>();
      for (long seq = 1; seq <= last; seq++) {
        long s = seq;
        boolean lost =
            client.frames(BodyCase.NOT_RECOVERED).stream()
                .map(ServerFrame::getNotRecovered)
                .filter(range -> range.getConversation().equals(conversation))
                .anyMatch(range -> range.getFrom() <= s && s <= range.getTo());
        if (lost == heard.contains(seq)) {
          wrong.add(seq);
        }
      }
      return wrong;
    }
  }
}
