package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;
import static chat.parley.stores.redis.Waiting.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.stores.NodeLeases;
import chat.parley.stores.NodeLeases.NodeLease;
import chat.parley.stores.Partitions;
import chat.parley.stores.Presence;
import chat.parley.stores.PushQueue.Lease;
import chat.parley.stores.Topics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What hangs on leases: topics, presence, numbers of nodes, partitions. */
class RedisMeshTest extends WithRedis {
  private static final JsonObject SHORT =
      new JsonObject().put("node-lease", "80ms").put("partition-lease", "80ms");

  @Test
  void numbersOfManyNodesAtOnceAreUnique() {
    List<Future<NodeLease>> leases = new ArrayList<>();
    for (int link = 0; link < 5; link++) {
      NodeLeases nodes = stores().nodeLeases();
      for (int i = 0; i < 10; i++) {
        leases.add(nodes.acquire());
      }
    }
    assertThat(leases.stream().map(lease -> await(lease).number())).doesNotHaveDuplicates();
    assertThat(leases.stream().map(lease -> lease.result().nodeId())).doesNotHaveDuplicates();
  }

  @Test
  void aNumberThatWasGivenBackRests() {
    NodeLeases nodes = stores().nodeLeases();
    NodeLease first = await(nodes.acquire());
    await(nodes.release(first));
    assertThat(await(nodes.acquire()).number()).isNotEqualTo(first.number());
  }

  @Test
  void aLeaseThatEndedIsRegainedWithAnotherNumber() {
    NodeLeases nodes = stores(SHORT).nodeLeases();
    NodeLease lease = await(nodes.acquire());
    awaitUntil(() -> await(nodes.sweep()) == 1);
    NodeLeases.Renewal renewal = await(nodes.renew(lease));
    assertThat(renewal.regained()).isTrue();
    assertThat(renewal.lease().nodeId()).isEqualTo(lease.nodeId());
    assertThat(renewal.lease().number()).isNotEqualTo(lease.number());
    NodeLeases later = stores().nodeLeases();
    NodeLease regained = await(later.renew(lease)).lease();
    assertThat(await(later.renew(regained)).regained()).isFalse();
    assertThat(await(later.renew(lease)))
        .as("whoever did not hear of it is told again")
        .isEqualTo(new NodeLeases.Renewal(regained, true));
  }

  @Test
  void presenceIsRightWhateverOrderBucketsComeAndGoIn() {
    Presence presence = stores().presence();
    NodeLease node = await(stores().nodeLeases().acquire());
    String a = node.nodeId() + "/0";
    String b = node.nodeId() + "/1";
    presence.enter(a, 1, 3, "demo");
    presence.enter(b, 1, 3, "demo");
    presence.enter(b, 1, 4, "test");
    assertThat(await(presence.members(1))).isEqualTo(Map.of(3L, "demo", 4L, "test"));
    presence.leave(a, 1, 3);
    assertThat(await(presence.count(1))).isEqualTo(2);
    presence.leave(b, 1, 3);
    presence.leave(b, 1, 3);
    assertThat(await(presence.members(1))).isEqualTo(Map.of(4L, "test"));
    presence.leave(b, 1, 4);
    presence.enter(b, 1, 4, "test");
    assertThat(await(presence.count(1))).isEqualTo(1);
    assertThat(await(presence.count(2))).isZero();
  }

  @Test
  void aRoomsVersionMovesWithItsMembershipOnly() {
    Presence presence = stores().presence();
    await(presence.enter("n/0", 1, 3, "demo"));
    Map<Long, Long> entered = await(presence.versions(List.of(1L, 2L)));
    assertThat(entered.get(2L)).isZero();
    await(presence.enter("n/0", 1, 3, "demo"));
    await(presence.leave("n/0", 1, 99));
    assertThat(await(presence.versions(List.of(1L, 2L)))).isEqualTo(entered);
    await(presence.leave("n/0", 1, 3));
    assertThat(await(presence.versions(List.of(1L))).get(1L)).isGreaterThan(entered.get(1L));
  }

  @Test
  void whatADeadNodeRegisteredIsGone() {
    RedisStores dying = stores(SHORT);
    NodeLease dead = await(dying.nodeLeases().acquire());
    NodeLease alive = await(stores().nodeLeases().acquire());
    Presence presence = stores().presence();
    Topics topics = stores().topics();
    await(presence.enter(dead.nodeId() + "/0", 1, 3, "demo"));
    await(presence.enter(alive.nodeId() + "/0", 1, 4, "test"));
    await(topics.subscribe(dead.nodeId() + "/0", "room:1"));
    await(topics.subscribe(alive.nodeId() + "/0", "room:1"));
    awaitUntil(() -> await(presence.members(1)).equals(Map.of(4L, "test")));
    long version = await(presence.versions(List.of(1L))).get(1L);
    List<Future<Integer>> sweeps = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sweeps.add(stores().nodeLeases().sweep());
    }
    assertThat(sweeps.stream().mapToInt(Waiting::await).sum()).isEqualTo(1);
    assertThat(await(topics.nodesOf(List.of("room:1"))))
        .isEqualTo(Map.of("room:1", Set.of(alive.nodeId())));
    assertThat(await(presence.versions(List.of(1L))).get(1L)).isGreaterThan(version);
  }

  @Test
  void aLargeNodeIsSweptWhole() {
    RedisStores stores = stores(SHORT);
    NodeLease node = await(stores.nodeLeases().acquire());
    List<Future<?>> registered = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      registered.add(stores.topics().subscribe(node.nodeId() + "/0", "user:" + i));
    }
    await(Future.all(registered));
    await(stores.nodeLeases().release(node));
    assertThat(await(stores.link().call("KEYS", "*user:*")).size()).isZero();
    assertThat(await(stores.link().call("EXISTS", Keys.topicsOf(node.nodeId()))).toInteger())
        .isZero();
  }

  @Test
  void topicsNameNodesOnceAndLeaveOutWhatNobodyWants() {
    Topics topics = stores().topics();
    topics.subscribe("n1/0", "room:1");
    topics.subscribe("n1/1", "room:1");
    topics.subscribe("n2/0", "room:1");
    topics.subscribe("n2/0", "user:3");
    topics.unsubscribe("n2/0", "user:3");
    assertThat(await(topics.nodesOf(List.of("room:1", "user:3", "room:1"))))
        .isEqualTo(Map.of("room:1", Set.of("n1", "n2")));
    topics.unsubscribe("n1/0", "room:1");
    assertThat(await(topics.nodesOf(List.of("room:1"))).get("room:1")).contains("n1");
  }

  @Test
  void aPartitionHasOneOwnerAndTokensAscend() {
    Partitions partitions = stores().partitions();
    Lease first = await(partitions.acquire(0, "a/0")).orElseThrow();
    assertThat(await(partitions.acquire(0, "b/0"))).isEmpty();
    assertThat(await(partitions.renew(first))).isTrue();
    await(partitions.release(first));
    Lease second = await(partitions.acquire(0, "b/0")).orElseThrow();
    assertThat(second.token()).isGreaterThan(first.token());
    assertThat(await(partitions.renew(first))).isFalse();
    await(partitions.release(first));
    assertThat(await(partitions.renew(second))).as("not released by another's lease").isTrue();
  }

  @Test
  void aSilentWorkerIsNoLongerAmongTheLiving() {
    Partitions dying = stores(SHORT).partitions();
    Partitions living = stores().partitions();
    await(dying.announce("b/0"));
    assertThat(await(living.announce("a/0"))).containsExactly("a/0", "b/0");
    awaitUntil(() -> await(living.announce("a/0")).equals(List.of("a/0")));
    await(living.withdraw("a/0"));
    assertThat(await(living.announce("c/0"))).containsExactly("c/0");
  }
}
