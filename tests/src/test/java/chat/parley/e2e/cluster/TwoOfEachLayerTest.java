package chat.parley.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.RunningCluster;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import org.junit.jupiter.api.Test;

@RunningCluster
class TwoOfEachLayerTest {

  @Test
  void clientsOfDifferentNodesTalk(Cluster cluster) {
    long room = Clients.newRoom();
    try (Clients here = cluster.clients(0, 0);
        Clients there = cluster.clients(1, 1)) {
      User one = here.newUser();
      User two = there.newUser();
      V1WebSocket socket = here.join(one, room);
      V1Tcp tcp = there.joinTcp(two, room);
      assertThat(here.http().pushRoom(one, room, "hello over there").ok()).isTrue();
      tcp.awaitText("hello over there");
      tcp.say(two.token(), room, "hello over here");
      socket.awaitText("hello over here");
      assertThat(there.http().push(two, one.id(), room, "between two nodes").ok()).isTrue();
      assertThat(socket.awaitFrame(V1Client.DIRECT).path("msg").asText())
          .isEqualTo("between two nodes");
    }
  }

  @Test
  void membersOfARoomAreThoseOfAllNodes(Cluster cluster) {
    long room = Clients.newRoom();
    try (Clients here = cluster.clients(0, 0);
        Clients there = cluster.clients(1, 1)) {
      User one = here.newUser();
      User two = there.newUser();
      V1WebSocket first = here.join(one, room);
      V1WebSocket second = there.join(two, room);
      for (V1WebSocket socket : new V1WebSocket[] {first, second}) {
        socket.awaitFrame(
            V1Client.MEMBERS,
            list ->
                list.path("roomUserInfo").has("" + one.id())
                    && list.path("roomUserInfo").has("" + two.id()));
      }
      second.leave();
      Eventually.eventually(
          "the list without the one at the other node",
          () -> {
            var lists = first.frames(V1Client.MEMBERS);
            return lists.get(lists.size() - 1).path("count").asInt() == 1;
          });
    }
  }

  @Test
  void sessionOfOneNodeIsKnownToAllAndEndsEverywhere(Cluster cluster) {
    try (Clients here = cluster.clients(0, 0);
        Clients there = cluster.clients(1, 1)) {
      User user = here.newUser();
      assertThat(there.http().checkAuth(user.token()).data().path("userId").asLong())
          .isEqualTo(user.id());
      V1WebSocket socket = there.join(user, Clients.newRoom());
      assertThat(here.http().logout(user.token()).ok()).isTrue();
      assertThat(there.http().checkAuth(user.token()).code()).isEqualTo(40000);
      socket.awaitClose();
    }
  }

  @Test
  void loadOverAllNodesIsKeptAndHeardByAll(Cluster cluster) {
    try (Talk talk = new Talk(cluster, 0)) {
      talk.load().awaitMore(500);
      talk.assertKeptAndHeardByAll();
      assertThat(talk.load().refusals()).isEmpty();
    }
  }
}
