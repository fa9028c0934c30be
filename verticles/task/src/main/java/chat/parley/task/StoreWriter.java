package chat.parley.task;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.ChatMessage;
import chat.parley.stores.MessageStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Group commit: one transaction at a time for all partitions of a worker. What comes while one is
 * under way makes the next, so commits grow larger, not more frequent, with the load.
 *
 * <p>Bounded by its callers: a partition has one batch here at a time.
 */
final class StoreWriter {
  private static final int MAX_TRANSACTION = 2_000;

  private record Part(List<ChatMessage> messages, Promise<Void> stored) {}

  private final MessageStore store;
  private final ArrayDeque<Part> waiting = new ArrayDeque<>();
  private boolean writing;

  StoreWriter(MessageStore store) {
    this.store = store;
  }

  /** Stores a batch, maybe with others; the promise is that of {@link MessageStore#append}. */
  Future<Void> append(List<ChatMessage> batch) {
    Promise<Void> stored = Promise.promise();
    waiting.add(new Part(batch, stored));
    if (!writing) {
      writeNext();
    }
    return stored.future();
  }

  /**
   * Stores a batch that has failed before, by itself, so that a batch which the store refuses again
   * and again fails nobody else's.
   */
  Future<Void> appendAlone(List<ChatMessage> batch) {
    return store.append(batch);
  }

  private void writeNext() {
    List<Part> parts = take();
    writing = !parts.isEmpty();
    if (writing) {
      store
          .append(parts.size() == 1 ? parts.get(0).messages() : joined(parts))
          .onSuccess(v -> parts.forEach(part -> part.stored().complete()))
          .onFailure(t -> failed(parts, t))
          .onComplete(done -> writeNext());
    }
  }

  private List<Part> take() {
    List<Part> parts = new ArrayList<>(waiting.size());
    int messages = 0;
    while (!waiting.isEmpty() && messages < MAX_TRANSACTION) {
      Part part = waiting.poll();
      messages += part.messages().size();
      parts.add(part);
    }
    return parts;
  }

  private static List<ChatMessage> joined(List<Part> parts) {
    List<ChatMessage> messages = new ArrayList<>();
    parts.forEach(part -> messages.addAll(part.messages()));
    return messages;
  }

  private void failed(List<Part> parts, Throwable cause) {
    // A fault of one part must not be held against the others; an outage is one for all.
    boolean split = parts.size() > 1 && ChatError.of(cause).code() == ErrorCode.INTERNAL;
    for (Part part : parts) {
      if (split) {
        store.append(part.messages()).onComplete(part.stored());
      } else {
        part.stored().fail(cause);
      }
    }
  }
}
