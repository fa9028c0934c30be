package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Counters;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1WebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message costs on the bus, by what the process itself counts. */
class GrowthTest {
  private static final int MESSAGES = 10;

  private static ParleyProcess parley;

  /** A process of its own: its deliveries are ours, and none is sent again for a slow machine. */
  @BeforeAll
  static void start() {
    parley =
        ParleyProcess.up(DataFolder.create()).with("PARLEY_TASK_DELIVERY_DEADLINE", "60s").start();
  }

  @AfterAll
  static void stop() {
    if (parley != null) {
      parley.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 50})
  void aMessageIsOneDeliveryToANodeHoweverManyMembersItHasThere(int members) {
    try (Clients clients = new Clients(parley.endpoints())) {
      long room = Clients.newRoom();
      User sender = clients.newUser();
      List<V1WebSocket> sockets = new ArrayList<>();
      for (int i = 0; i < members; i++) {
        sockets.add(clients.join(i == 0 ? sender : clients.newUser(), room));
      }
      Counters before = Counters.of(parley);
      for (int i = 0; i < MESSAGES; i++) {
        String text = "message " + i;
        assertThat(clients.http().pushRoom(sender, room, text).ok()).isTrue();
        // One after another: what is accepted together may leave together.
        sockets.forEach(socket -> socket.awaitText(text));
      }
      Counters after = Counters.of(parley);
      assertGrownBy(MESSAGES, "parley_logic_messages_accepted_total", before, after);
      assertGrownBy(MESSAGES, "parley_task_messages_stored_total", before, after);
      assertGrownBy(MESSAGES, "parley_connect_deliveries_total", before, after);
      assertGrownBy(MESSAGES * members, "parley_connect_messages_delivered_total", before, after);
    }
  }

  private static void assertGrownBy(long expected, String name, Counters before, Counters after) {
    assertThat(after.sum(name) - before.sum(name)).as(name).isEqualTo(expected);
  }
}
