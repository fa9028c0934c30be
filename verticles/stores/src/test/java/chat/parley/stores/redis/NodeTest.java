package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;
import static chat.parley.stores.redis.Waiting.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.settings.SettingsException;
import chat.parley.stores.Node;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NodeTest extends WithRedis {
  private static final JsonObject SHORT =
      new JsonObject().put("node-lease", "300ms").put("deadline", "200ms");

  @Test
  void instancesOfAProcessShareOneNodeAndTheLastOneEndsIt() {
    JsonObject config = config(new JsonObject());
    Future<Node> joining = Node.join(vertx, config);
    Node second = await(Node.join(vertx, config));
    Node first = await(joining);
    assertThat(first).isSameAs(second);
    assertThat(first.ids().next()).isPositive();
    RedisLink link = stores().link();
    await(first.leave());
    assertThat(await(link.call("ZSCORE", Keys.NODES, first.nodeId()))).isNotNull();
    await(second.leave());
    assertThat(await(link.call("ZSCORE", Keys.NODES, first.nodeId()))).isNull();
    Node next = await(Node.join(vertx, config));
    assertThat(next.nodeId()).isNotEqualTo(first.nodeId());
    await(next.leave());
  }

  @Test
  void aRenewedLeaseGoesOnHolding() {
    Node node = await(Node.join(vertx, config(SHORT)));
    RedisLink link = stores().link();
    double first = scoreOf(link, node);
    awaitUntil(() -> scoreOf(link, node) > first + 1_000);
    assertThat(node.ids().next()).isPositive();
    await(node.leave());
  }

  @Test
  void aLostLeaseIsTakenAgainAndListenersAreTold() {
    Node node = await(Node.join(vertx, config(SHORT)));
    AtomicInteger told = new AtomicInteger();
    AtomicInteger removed = new AtomicInteger();
    node.onRegained(told::incrementAndGet);
    node.onRegained(removed::incrementAndGet).remove();
    signal("STOP");
    awaitUntil(() -> !hasIds(node));
    signal("CONT");
    awaitUntil(() -> told.get() > 0 && hasIds(node));
    assertThat(removed).hasValue(0);
    await(node.leave());
  }

  @Test
  void aJoinThatFailedCanBeTriedAgain() {
    Vertx other = Vertx.vertx();
    JsonObject nowhere = new JsonObject().put("data", data.resolve("none").toString());
    assertThatThrownBy(() -> await(Node.join(other, nowhere)))
        .isInstanceOf(SettingsException.class);
    Node node = await(Node.join(other, config(new JsonObject())));
    await(node.leave());
    await(other.close());
  }

  private static double scoreOf(RedisLink link, Node node) {
    return await(link.call("ZSCORE", Keys.NODES, node.nodeId())).toDouble();
  }

  private static boolean hasIds(Node node) {
    try {
      return node.ids().next() > 0;
    } catch (chat.parley.bus.ChatError none) {
      return false;
    }
  }
}
