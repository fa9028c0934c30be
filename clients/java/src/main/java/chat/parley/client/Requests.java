package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Requests other than sends. All may be asked twice, so one that was on its way when a connection
 * was lost goes again on the next, until its time is over. On the client's thread, but for {@link
 * #ask}.
 */
final class Requests {
  private static final int MOST = 1_000;

  private final Loop loop;
  private final Timing timing;
  private final AtomicInteger size = new AtomicInteger();
  private final Map<Integer, Pending<?>> pending = new LinkedHashMap<>();
  private Consumer<ClientFrame> wire;
  private int lastRef;
  private ParleyException failedBy;

  Requests(Loop loop, Timing timing) {
    this.loop = loop;
    this.timing = timing;
  }

  /** Asks, from any thread. {@code read} is called on the client's thread. */
  <T> CompletableFuture<T> ask(ClientFrame question, Function<ServerFrame, T> read) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (size.incrementAndGet() > MOST) {
      size.decrementAndGet();
      answer.completeExceptionally(
          new ParleyException(
              ParleyException.TOO_MANY_REQUESTS, MOST + " requests wait for an answer", true));
      return answer;
    }
    answer.whenComplete((value, failure) -> size.decrementAndGet());
    if (!loop.execute(() -> begin(question, read, answer))) {
      answer.completeExceptionally(Outbox.closed());
    }
    return answer;
  }

  private <T> void begin(
      ClientFrame question, Function<ServerFrame, T> read, CompletableFuture<T> answer) {
    if (failedBy != null) {
      answer.completeExceptionally(failedBy);
      return;
    }
    int ref = ++lastRef;
    Future<?> deadline =
        loop.after(
            timing.answerWithin().toMillis(),
            () ->
                fail(
                    ref,
                    new ParleyException(
                        "DEADLINE_EXCEEDED",
                        "no answer within " + timing.answerWithin().toMillis() + " ms",
                        true)));
    ClientFrame frame = question.toBuilder().setRef(ref).build();
    pending.put(ref, new Pending<>(frame, read, answer, deadline));
    if (wire != null) {
      wire.accept(frame);
    }
  }

  void connected(Consumer<ClientFrame> wire) {
    this.wire = wire;
    List.copyOf(pending.values()).forEach(each -> wire.accept(each.frame));
  }

  void disconnected() {
    wire = null;
  }

  void answered(ServerFrame frame) {
    Pending<?> asked = pending.remove(frame.getRe());
    if (asked != null) {
      asked.complete(frame);
    }
  }

  void fail(int ref, ParleyException reason) {
    Pending<?> asked = pending.remove(ref);
    if (asked != null) {
      asked.deadline.cancel(false);
      asked.answer.completeExceptionally(reason);
    }
  }

  void failAll(ParleyException reason) {
    failedBy = reason;
    List.copyOf(pending.keySet()).forEach(ref -> fail(ref, reason));
  }

  private record Pending<T>(
      ClientFrame frame,
      Function<ServerFrame, T> read,
      CompletableFuture<T> answer,
      Future<?> deadline) {
    void complete(ServerFrame frame) {
      deadline.cancel(false);
      try {
        answer.complete(read.apply(frame));
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    }
  }
}
