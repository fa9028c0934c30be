package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.proto.Wake;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The wake-ups of a partition, taken in its owner's place. */
final class Wakes implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final BlockingQueue<Wake> wakes = new LinkedBlockingQueue<>();
  private final MessageConsumer<Wake> consumer;

  Wakes(Vertx vertx, int partition) {
    consumer = vertx.eventBus().consumer(Addresses.wakeOf(partition));
    consumer.handler(wake -> wakes.add(wake.body()));
    LogicFixture.await(consumer.completion());
  }

  Wake next() {
    try {
      Wake wake = wakes.poll(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(wake).as("a wake-up").isNotNull();
      return wake;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    LogicFixture.await(consumer.unregister());
  }
}
