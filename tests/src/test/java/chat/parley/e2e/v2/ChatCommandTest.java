package chat.parley.e2e.v2;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.ChatProcess;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V2Client;
import chat.parley.e2e.support.V2Http.Login;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The chat of the command line, in pipes. */
@RunningParley
class ChatCommandTest {

  @Test
  void twoTalkInARoomAndTheNextStartPrintsWhatWasMissed(Clients clients) {
    String ann = V1Http.newName();
    String bob = V1Http.newName();
    Path annsState = DataFolder.create();
    Path bobsState = DataFolder.create();
    long number = Clients.newRoom();
    String room = "" + number;
    V2Client watcher = clients.open(Carrier.TCP, clients.v2().newUser());
    Rooms.join(watcher, number);
    try (ChatProcess a = start(clients, annsState, ann, "--register", "--room", room);
        ChatProcess b = start(clients, bobsState, bob, "--register", "--room", room)) {
      a.type("is anybody here");
      Eventually.eventually(
          "her in the room",
          () -> watcher.texts(Rooms.conversation(number)).contains("is anybody here"));
      b.type("somebody is here");
      a.awaitLine(bob, "somebody is here");
      a.type("good to hear, " + bob);
      b.awaitLine(ann, "good to hear, " + bob);
      assertThat(a.end()).as(a.notes()).isZero();
      b.type("she has gone already");
      b.type("and missed this too");
      assertThat(b.end()).as(b.notes()).isZero();
    }
    try (ChatProcess again = start(clients, annsState, ann, "--room", room)) {
      assertThat(again.end()).as(again.notes()).isZero();
      List<String> missed = again.lines();
      assertThat(missed).as(again.notes()).hasSize(2);
      assertThat(missed.get(0)).contains(bob).contains("she has gone already");
      assertThat(missed.get(1)).contains(bob).contains("and missed this too");
    }
    try (ChatProcess third = start(clients, annsState, ann, "--room", room)) {
      assertThat(third.end()).isZero();
      assertThat(third.lines()).as("printed once").isEmpty();
    }
  }

  @Test
  void linesToAUserArriveAndTheExitCodeSaysThatAllWereAcknowledged(Clients clients) {
    Login friend = clients.v2().newUser();
    String ann = V1Http.newName();
    try (ChatProcess a =
        start(clients, DataFolder.create(), ann, "--register", "--to", friend.userName())) {
      for (int n = 1; n <= 100; n++) {
        a.type("line number " + n);
      }
      assertThat(a.end()).as(a.notes()).isZero();
    }
    try (ChatProcess b =
        start(clients, DataFolder.create(), friend.userName(), "--to", ann, "--tcp")) {
      b.awaitLine(ann, "line number 100");
      assertThat(b.lines()).hasSize(100);
      assertThat(b.end()).isZero();
    }
  }

  @Test
  void wrongPasswordIsSaidInASentenceAndIsAFailure(Clients clients) {
    String name = V1Http.newName();
    clients.v2().register(name, "another password", "first");
    try (ChatProcess a = start(clients, DataFolder.create(), name, "--room", "1")) {
      assertThat(a.end()).isEqualTo(1);
      assertThat(a.notes()).contains("parley:").doesNotContain("Exception").doesNotContain("\tat ");
    }
  }

  private static ChatProcess start(Clients clients, Path state, String user, String... options) {
    return ChatProcess.start(clients.endpoints(), state, user, options);
  }
}
