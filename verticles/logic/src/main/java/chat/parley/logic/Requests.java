package chat.parley.logic;

import chat.parley.bus.Asked;
import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.ProtoCodec;
import chat.parley.bus.Withdrawal;
import chat.parley.proto.AskAgain;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.impl.MessageConsumerImpl;
import io.vertx.core.shareddata.LocalMap;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one verticle instance: every one of them ends exactly once, with an answer or
 * with a {@link ChatError}, and not more than a bound of them are under way. None is begun after
 * who asked has given up, however long this process stood still (docs/adr/0027). Used on the event
 * loop of its verticle only.
 */
final class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
  private static final Counter REFUSALS = Bounds.refusals("logic.max-in-flight");

  /** Local map in which the instances of a process count themselves. */
  private static final String SERVING = "parley.logic.serving";

  /** Of requests that seem late, how many may be asked about at one time, and for how long. */
  private static final int MOST_DOUBTS = 16;

  private static final int DOUBT_MS = 1_000;

  private final Vertx vertx;
  private final int maxUnderWay;
  private final Map<String, MessageConsumer<?>> consumers = new LinkedHashMap<>();
  private final LocalMap<String, Integer> serving;
  private final SenderClocks clocks = new SenderClocks();
  private final Promise<Void> lastOneEnded = Promise.promise();
  private long lastArrival;
  private int underWay;
  private int doubts;
  private boolean draining;

  Requests(Vertx vertx, int maxUnderWay) {
    this.vertx = vertx;
    this.maxUnderWay = maxUnderWay;
    this.serving = vertx.sharedData().getLocalMap(SERVING);
    serving.merge(SERVING, 1, Integer::sum);
  }

  /** Serves an address; the Future succeeds when the whole cluster knows it. */
  <Q, A> Future<Void> serve(String address, Function<Q, Future<A>> service) {
    return serve(address, (Q request, Deadline deadline) -> service.apply(request));
  }

  /** Serves an address with what has to know how long somebody waits. */
  <Q, A> Future<Void> serve(String address, BiFunction<Q, Deadline, Future<A>> service) {
    Counter count = LogicMetrics.requestsTo(address);
    MessageConsumer<Q> consumer =
        vertx
            .eventBus()
            .consumer(
                address,
                request -> {
                  count.increment();
                  handle(address, request, service);
                });
    // What was on its way to this consumer when it was unregistered: the bus would log each one and
    // answer it with a timeout, after which nobody may repeat it. Nothing took it: another will.
    ((MessageConsumerImpl<Q>) consumer).discardHandler(Requests::refuseStopping);
    consumers.put(address, consumer);
    return consumer.completion();
  }

  /**
   * Ends the service without losing a request: takes the addresses out of the cluster, if this is
   * the last instance of the process, and serves on until nobody asks any more; then takes nothing,
   * and waits for what is under way. Who still asks hears {@code SHUTTING_DOWN}. Called once.
   *
   * @return succeeds at the deadline too
   */
  Future<Void> drain(Duration deadline) {
    long begun = System.nanoTime();
    boolean last = serving.merge(SERVING, -1, Integer::sum) == 0;
    Future<Void> quiet =
        last
            ? Withdrawal.untilQuiet(vertx, consumers.keySet(), () -> lastArrival, deadline)
            : Future.succeededFuture();
    return quiet.transform(done -> end(deadline.minusNanos(System.nanoTime() - begun).toMillis()));
  }

  private Future<Void> end(long withinMs) {
    draining = true;
    Future<?> unregistered =
        Future.join(consumers.values().stream().map(MessageConsumer::unregister).toList());
    return unregistered
        .transform(
            done -> {
              endWhenEmpty();
              return lastOneEnded.future();
            })
        .timeout(Math.max(1, withinMs), TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              if (!(failure instanceof TimeoutException)) {
                return Future.failedFuture(failure);
              }
              LOG.warn("{} requests were still under way at the end of the drain", underWay);
              return Future.succeededFuture();
            });
  }

  private <Q, A> void handle(
      String address, Message<Q> request, BiFunction<Q, Deadline, Future<A>> service) {
    lastArrival = System.nanoTime();
    if (draining) {
      refuseStopping(request);
      return;
    }
    if (underWay >= maxUnderWay) {
      REFUSALS.increment();
      new ChatError(ErrorCode.OVERLOADED, "too many requests under way, please try again")
          .failTo(request);
      return;
    }
    Asked asked = Asked.in(request);
    switch (asked == null ? SenderClocks.Age.IN_TIME : clocks.age(asked, Asked.nowMs())) {
      case IN_TIME -> begin(address, request, service);
      case LATE -> doubt(address, request, asked, service);
      case UNKNOWN -> askAgain(address, request, asked.waitsMs(), service);
    }
  }

  /**
   * What is late by another's clock may be late by a clock that stood still and went on, as that of
   * a virtual machine does. A few are asked: one answer sets it right.
   */
  private <Q, A> void doubt(
      String address, Message<Q> request, Asked asked, BiFunction<Q, Deadline, Future<A>> service) {
    if (asked.isOwn() || doubts >= MOST_DOUBTS) {
      refuseLate(request);
      return;
    }
    doubts++;
    askAgain(address, request, Math.min(DOUBT_MS, asked.waitsMs()), service)
        .onComplete(done -> doubts--);
  }

  /** Who still waits says it again; nobody else answers. */
  private <Q, A> Future<?> askAgain(
      String address, Message<Q> request, int waitsMs, BiFunction<Q, Deadline, Future<A>> service) {
    underWay++;
    long questionMs = Asked.nowMs();
    return request
        .<Q>replyAndRequest(
            AskAgain.getDefaultInstance(),
            ProtoCodec.options().setSendTimeout(Math.max(1, waitsMs)))
        .onComplete(
            again -> {
              underWay--;
              Asked asked = again.succeeded() ? Asked.in(again.result()) : null;
              if (asked == null) {
                LogicMetrics.late();
              } else if (clocks.heard(asked, questionMs, Asked.nowMs())) {
                begin(address, again.result(), service);
              } else {
                refuseLate(again.result());
              }
              endWhenEmpty();
            });
  }

  private <Q, A> void begin(
      String address, Message<Q> request, BiFunction<Q, Deadline, Future<A>> service) {
    underWay++;
    answerOf(request, service)
        .onComplete(
            answer -> {
              underWay--;
              if (answer.succeeded()) {
                request.reply(answer.result(), ProtoCodec.options());
              } else {
                refuse(address, request, ChatError.of(answer.cause()));
              }
              endWhenEmpty();
            });
  }

  /** A service that throws has failed like one that answers with a failure. */
  private <Q, A> Future<A> answerOf(
      Message<Q> request, BiFunction<Q, Deadline, Future<A>> service) {
    Asked asked = Asked.in(request);
    try {
      Deadline deadline = asked == null ? Deadline.NONE : clocks.deadline(asked);
      return service.apply(ProtoCodec.bodyOf(request), deadline);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static void refuseLate(Message<?> request) {
    LogicMetrics.late();
    Deadline.passed().failTo(request);
  }

  private static void refuseStopping(Message<?> request) {
    new ChatError(ErrorCode.SHUTTING_DOWN, "the node is stopping, please try again")
        .failTo(request);
  }

  private static void refuse(String address, Message<?> request, ChatError error) {
    if (error.code() == ErrorCode.INTERNAL) {
      LOG.error(
          "a request to {} failed", address, error.getCause() == null ? error : error.getCause());
    }
    error.failTo(request);
  }

  private void endWhenEmpty() {
    if (draining && underWay == 0) {
      lastOneEnded.tryComplete();
    }
  }
}
