package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.settings.SettingsReader;
import com.hazelcast.config.Config;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node serves is found again, though the cluster has forgotten it. */
class RememberedRegistrationsTest {
  private static final String ADDRESS = "parley.test.echo";
  private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final List<Vertx> nodes = new ArrayList<>();
  private RememberedRegistrations first;

  @BeforeEach
  void twoNodes() {
    JsonObject settings =
        new JsonObject().put("cluster", new JsonObject().put("name", "test-" + System.nanoTime()));
    first = manager(settings);
    nodes.add(start(first));
    nodes.add(start(manager(settings)));
  }

  private static RememberedRegistrations manager(JsonObject settings) {
    Config config =
        new HazelcastCluster(
                SettingsReader.section(settings, "cluster", ClusterSettings.class), "unused")
            .config();
    return new RememberedRegistrations(config);
  }

  private static Vertx start(RememberedRegistrations manager) {
    EventBusOptions loopback = new EventBusOptions().setHost("127.0.0.1");
    return Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(loopback).setEventLoopPoolSize(1))
        .withClusterManager(manager)
        .buildClustered()
        .await();
  }

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.close().await());
  }

  private void serve() {
    nodes
        .get(0)
        .eventBus()
        .consumer(ADDRESS, message -> message.reply("hello"))
        .completion()
        .await();
  }

  private boolean isAnswered() {
    try {
      nodes.get(1).eventBus().request(ADDRESS, "hello").await();
      return true;
    } catch (RuntimeException nobodyThere) {
      return false;
    }
  }

  private static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + WITHIN_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private int registrations(String address) {
    return first.getHazelcastInstance().getMultiMap("__vertx.subs").get(address).size();
  }

  private void theClusterForgetsEverything() {
    first.getHazelcastInstance().getMultiMap("__vertx.subs").clear();
    first.getHazelcastInstance().getMap("__vertx.nodeInfo").clear();
  }

  @Test
  void whatTheClusterForgotIsServedAgain() {
    serve();
    eventually(this::isAnswered);
    theClusterForgetsEverything();
    eventually(() -> registrations(ADDRESS) == 1);
    eventually(() -> first.getHazelcastInstance().getMap("__vertx.nodeInfo").size() == 2);
    eventually(this::isAnswered);
  }

  @Test
  void aNodeThatIsGoneIsNotAskedForEver() {
    serve();
    first
        .getHazelcastInstance()
        .getMultiMap("__vertx.subs")
        .put(ADDRESS, new HazelcastRegistrationInfo(new RegistrationInfo("gone", 1, false)));
    eventually(() -> registrations(ADDRESS) == 1);
    assertThat(isAnswered()).isTrue();
  }

  @Test
  void whatIsNotServedAnyMoreIsNotPutBack() {
    MessageConsumer<Object> consumer =
        nodes.get(0).eventBus().consumer(ADDRESS, message -> message.reply("hello"));
    consumer.completion().await();
    eventually(this::isAnswered);
    consumer.unregister().await();
    String other = ADDRESS + ".other";
    nodes.get(0).eventBus().consumer(other, message -> message.reply("hello")).completion().await();
    theClusterForgetsEverything();
    eventually(() -> registrations(other) == 1);
    assertThat(isAnswered()).isFalse();
  }
}
