package chat.parley.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.RunningCluster;
import chat.parley.e2e.support.V1Http.Answer;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** gochat 4: an outage of logic is an outage of logic, and ends when it ends. */
@RunningCluster
class LogicAwayTest {

  @Test
  void outageOfLogicIsAnsweredInTimeAndSurvivedByEverybodyElse(Cluster cluster) {
    long room = Clients.newRoom();
    try (Clients clients = cluster.clients(0, 0)) {
      User user = clients.newUser();
      V1WebSocket before = clients.join(user, room);
      cluster.layer("logic").forEach(ParleyProcess::kill9);

      V1WebSocket during = clients.webSocket();
      during.join(user.token(), room);
      V1Tcp tcp = clients.tcp();
      tcp.join(user.token(), room);
      Stream<Supplier<Answer>> requests =
          Stream.of(
              () -> clients.http().pushRoom(user, room, "is anybody there?"),
              () -> clients.http().checkAuth(user.token()),
              () -> clients.http().login(user.name(), user.password()),
              () -> clients.http().historyPage(user, room, 0, 50));
      List<CompletableFuture<Answer>> answers =
          requests.map(CompletableFuture::supplyAsync).toList();
      for (CompletableFuture<Answer> each : answers) {
        Answer answer = each.join();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.message()).contains("try again");
      }
      assertThat(before.isOpen()).as("the connection from before").isTrue();
      assertThat(cluster.layer("connect")).allMatch(ParleyProcess::isAlive);

      cluster.restore();
      Eventually.eventually(
          "acceptance again",
          ParleyProcess.START,
          () -> clients.http().pushRoom(user, room, "welcome back").ok());
      before.awaitText("welcome back");
      clients.join(user, room);
    }
  }
}
