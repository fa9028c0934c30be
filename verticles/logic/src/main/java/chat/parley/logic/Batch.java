package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.Identity;
import chat.parley.proto.MessagesSent;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SendResult;
import chat.parley.stores.PushQueue;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch on its way. Whatever has to be looked up is looked up for all of it first: from then on
 * nothing comes between the messages of a conversation. See {@link BatchService} for the promise.
 */
final class Batch {
  private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

  /** Bytes of texts accepted in one step; one message is always taken. */
  private static final long MOST_BYTES_AT_ONCE = 1 << 20;

  private final Identity sender;
  private final Acceptance acceptance;
  private final UserNames names;

  Batch(Identity sender, Acceptance acceptance, UserNames names) {
    this.sender = sender;
    this.acceptance = acceptance;
    this.names = names;
  }

  /**
   * Sends; never fails.
   *
   * @param refusedRooms rooms that the sender may not post to, and why
   */
  Future<MessagesSent> send(List<SendMessage> messages, Map<Long, ChatError> refusedRooms) {
    List<Entry> entries = messages.stream().map(m -> checked(m, refusedRooms)).toList();
    return named(entries)
        .compose(named -> lookedUp(entries))
        .compose(known -> accepted(entries))
        .map(done -> answer(entries));
  }

  private Entry checked(SendMessage message, Map<Long, ChatError> refusedRooms) {
    Entry entry = new Entry(message);
    entry.attempt(
        () -> {
          Fields.ownClientMessageId(message.getClientMessageId());
          Acceptance.check(message);
          entry.draft = Acceptance.draft(message, sender);
          if (message.hasRoomId() && refusedRooms.containsKey(message.getRoomId())) {
            throw refusedRooms.get(message.getRoomId());
          }
        });
    return entry;
  }

  /** Gives every message its recipient's name, and lets it pass the limits. */
  private Future<Void> named(List<Entry> entries) {
    return InGroups.each(
            entries.stream().filter(e -> e.open() && e.draft.getRecipientId() != 0).toList(),
            entry ->
                entry.hear(
                    names.of(entry.draft.getRecipientId()),
                    name ->
                        entry.draft.setRecipientName(name.orElseThrow(UserService::noSuchUser))))
        .onSuccess(
            named ->
                entries.stream()
                    .filter(Entry::open)
                    .forEach(entry -> entry.attempt(() -> acceptance.admit(entry.draft))));
  }

  private Future<Void> lookedUp(List<Entry> entries) {
    return InGroups.each(
        entries.stream().filter(e -> e.open() && Acceptance.isResend(e.request)).toList(),
        entry ->
            entry.hear(
                acceptance.before(entry.draft), known -> known.ifPresent(ack -> entry.ack = ack)));
  }

  private Future<Void> accepted(List<Entry> entries) {
    Map<String, List<Entry>> conversations = new LinkedHashMap<>();
    entries.stream()
        .filter(entry -> entry.draft != null)
        .forEach(
            entry ->
                conversations
                    .computeIfAbsent(entry.draft.getConversation(), c -> new ArrayList<>())
                    .add(entry));
    return Future.join(conversations.values().stream().map(this::inOrder).toList()).mapEmpty();
  }

  /** As much at a time as Redis takes in one step, one step after the other. */
  private Future<Void> inOrder(List<Entry> entries) {
    refuseAfterRetryable(entries);
    List<Entry> next = fitting(entries);
    return next.isEmpty()
        ? Future.succeededFuture()
        : accept(next).compose(accepted -> inOrder(entries));
  }

  private static List<Entry> fitting(List<Entry> entries) {
    List<Entry> fitting = new ArrayList<>(Math.min(entries.size(), PushQueue.MOST_AT_ONCE));
    long bytes = 0;
    for (Entry entry : entries) {
      if (entry.open()) {
        bytes += entry.draft.getTextBytes().size();
        if (fitting.size() == PushQueue.MOST_AT_ONCE
            || bytes > MOST_BYTES_AT_ONCE && !fitting.isEmpty()) {
          break;
        }
        fitting.add(entry);
      }
    }
    return fitting;
  }

  /** Closes every entry, with its ack or its error. */
  private Future<Void> accept(List<Entry> entries) {
    return acceptance
        .acceptInOrder(entries.stream().map(entry -> entry.draft).toList())
        .transform(
            end -> {
              for (int i = 0; i < entries.size(); i++) {
                if (end.succeeded()) {
                  entries.get(i).accepted(end.result().get(i));
                } else {
                  entries.get(i).fail(end.cause());
                }
              }
              return Future.succeededFuture();
            });
  }

  /** Nothing may overtake a message that will come again. */
  private static void refuseAfterRetryable(List<Entry> ofOneConversation) {
    ChatError stopped = null;
    for (Entry entry : ofOneConversation) {
      if (stopped != null && entry.open()) {
        entry.error = stopped;
      } else if (stopped == null && entry.error != null && entry.error.retryable()) {
        stopped = entry.error;
      }
    }
  }

  private static MessagesSent answer(List<Entry> entries) {
    MessagesSent.Builder answer = MessagesSent.newBuilder();
    for (Entry entry : entries) {
      answer.addResults(
          entry.error == null
              ? SendResult.newBuilder().setAck(entry.ack)
              : SendResult.newBuilder().setFailure(entry.error.toFailure()));
    }
    return answer.build();
  }

  /** A message of the batch: open until it has its ack or its error. */
  private static final class Entry {
    private final SendMessage request;
    private ChatMessage.Builder draft;
    private SendAck ack;
    private ChatError error;

    Entry(SendMessage request) {
      this.request = request;
    }

    boolean open() {
      return ack == null && error == null;
    }

    void attempt(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        fail(e);
      }
    }

    /** Goes on with an answer, or fails with its failure. The Future that is given never fails. */
    <T> Future<Void> hear(Future<T> answer, java.util.function.Consumer<T> then) {
      return answer.transform(
          end -> {
            if (end.succeeded()) {
              attempt(() -> then.accept(end.result()));
            } else {
              fail(end.cause());
            }
            return Future.succeededFuture();
          });
    }

    void accepted(Optional<SendAck> answer) {
      ack = answer.orElse(null);
      if (ack == null) {
        error = new ChatError(ErrorCode.OVERLOADED, "too many messages wait for delivery");
      }
    }

    private void fail(Throwable failure) {
      error = ChatError.of(failure);
      if (error.code() == ErrorCode.INTERNAL) {
        LOG.error("a message of a batch was not accepted", failure);
      }
    }
  }
}
