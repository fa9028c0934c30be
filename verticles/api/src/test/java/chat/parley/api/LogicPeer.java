package chat.parley.api;

import static chat.parley.api.ApiUnderTest.await;

import chat.parley.bus.ChatError;
import chat.parley.bus.ProtoCodec;
import com.google.protobuf.Message;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The other end of one address of logic's, with the answer that a test wants: it shows which bus
 * message a request of HTTP becomes, and which answer of HTTP a bus answer or error.
 */
final class LogicPeer implements AutoCloseable {
  private final MessageConsumer<Message> consumer;
  private final BlockingQueue<Message> asked = new LinkedBlockingQueue<>();

  private LogicPeer(Vertx vertx, String address, Message answer, ChatError error) {
    consumer =
        vertx
            .eventBus()
            .consumer(
                address,
                request -> {
                  asked.add(ProtoCodec.bodyOf(request));
                  if (error == null) {
                    request.reply(answer, ProtoCodec.options());
                  } else {
                    error.failTo(request);
                  }
                });
    await(consumer.completion());
  }

  static LogicPeer answering(ApiUnderTest api, String address, Message answer) {
    return new LogicPeer(api.vertx, address, answer, null);
  }

  static LogicPeer failing(ApiUnderTest api, String address, ChatError error) {
    return new LogicPeer(api.vertx, address, null, error);
  }

  /** The next message that came. */
  Message asked() {
    try {
      Message next = asked.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing was asked");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  boolean wasAsked() {
    return !asked.isEmpty();
  }

  @Override
  public void close() {
    await(consumer.unregister());
  }
}
