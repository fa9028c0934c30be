package chat.parley.connect;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.FetchedMessages;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * One conversation at one bucket: gives each message once, in order. A repeat is dropped; before
 * what follows a gap is given, the gap is filled from the store. What arrives meanwhile waits, up
 * to a bound; beyond it is forgotten and fetched too.
 *
 * <p>Belongs to one event loop.
 */
final class Feed {
  /** Most messages that wait while a gap is filled. */
  static final int MAX_WAITING = 1024;

  private static final long UNKNOWN = -1;

  /** Takes what is to be given to the sessions. */
  interface Sink {
    void give(EncodedBatch batch, int from, int to);
  }

  private final String conversation;
  private final StoreReader store;
  private final Sink sink;
  private final TreeMap<Long, ChatMessage> waiting = new TreeMap<>();
  private long last;
  private long target;
  private int emptyAnswers;
  private int failures;
  private boolean begun = true;
  private boolean filling;
  private boolean ended;

  private Feed(String conversation, StoreReader store, Sink sink, long last) {
    this.conversation = conversation;
    this.store = store;
    this.sink = sink;
    this.last = last;
  }

  /**
   * A conversation whose newest accepted message before this moment is known. Nothing is given
   * before {@link #begin}.
   */
  static Feed after(long head, String conversation, StoreReader store, Sink sink) {
    Feed feed = new Feed(conversation, store, sink, head);
    feed.begun = false;
    return feed;
  }

  /** A conversation of which everything up to a seq is given, or of no interest. */
  static Feed from(long last, String conversation, StoreReader store, Sink sink) {
    return new Feed(conversation, store, sink, last);
  }

  /** A conversation of which nothing is known: it begins with the first message seen. */
  static Feed atFirstSight(String conversation, StoreReader store, Sink sink) {
    return new Feed(conversation, store, sink, UNKNOWN);
  }

  /** Seq of the newest message given; below 0 when none was seen yet. */
  long last() {
    return last;
  }

  boolean filling() {
    return filling;
  }

  /**
   * The store has messages up to this one. What was accepted before the feed's first moment and is
   * stored only now, since the store was behind, is given too: who reads the history and then
   * listens misses nothing.
   */
  void begin(long stored) {
    if (!begun) {
      begun = true;
      last = Math.min(last, stored);
      giveWaiting();
      if (last < target) {
        fill();
      }
    }
  }

  /** No more is given. */
  void end() {
    ended = true;
    waiting.clear();
  }

  /** Messages {@code from} to {@code to} of a batch, all of this conversation, ascending. */
  void offer(EncodedBatch batch, int from, int to) {
    if (!begun) {
      await(batch, from, to);
      return;
    }
    int first = from;
    while (first < to && batch.seq(first) <= last) {
      first++;
    }
    if (first == to) {
      return;
    }
    if (last == UNKNOWN) {
      last = batch.seq(first) - 1;
    }
    int end = first;
    if (!filling) {
      end = endOfRun(batch, first, to);
      if (end > first) {
        last = batch.seq(end - 1);
        sink.give(batch, first, end);
      }
    }
    if (end < to) {
      await(batch, end, to);
      fill();
    }
  }

  /** The store has messages up to this one: what was never delivered is fetched. */
  void reach(long head) {
    if (head > last) {
      target = Math.max(target, head);
      fill();
    }
  }

  private int endOfRun(EncodedBatch batch, int from, int to) {
    long next = last + 1;
    int i = from;
    while (i < to && batch.seq(i) == next) {
      i++;
      next++;
    }
    return i;
  }

  private void await(EncodedBatch batch, int from, int to) {
    target = Math.max(target, batch.seq(to - 1));
    for (int i = from; i < to; i++) {
      waiting.put(batch.seq(i), batch.message(i));
    }
    if (waiting.size() > MAX_WAITING) {
      waiting.clear(); // The target stays: the store has them all.
    }
  }

  private void fill() {
    if (begun && !filling && !ended) {
      filling = true;
      store
          .after(
              FetchMessages.newBuilder()
                  .setConversation(conversation)
                  .setAfter(last)
                  .setLimit(StoreReader.PAGE))
          .onComplete(this::filled);
    }
  }

  private void filled(AsyncResult<FetchedMessages> answer) {
    filling = false;
    if (ended) {
      return;
    }
    if (answer.failed()) {
      again(failures++);
      return;
    }
    failures = 0;
    long before = last;
    give(answer.result().getMessagesList());
    giveWaiting();
    if (last >= target) {
      emptyAnswers = 0;
    } else if (last > before) {
      emptyAnswers = 0;
      fill();
    } else if (++emptyAnswers < StoreReader.MAX_EMPTY_ANSWERS) {
      again(emptyAnswers);
    } else {
      passOver();
    }
  }

  private void again(int attempts) {
    filling = true;
    store.pause(
        attempts,
        () -> {
          filling = false;
          fill();
        });
  }

  /** The store has not had these for too long to let everything behind them wait any longer. */
  private void passOver() {
    store.reportMissing(conversation, last + 1);
    emptyAnswers = 0;
    last = waiting.isEmpty() ? target : waiting.firstKey() - 1;
    giveWaiting();
    if (last < target) {
      fill();
    }
  }

  /** A page of the store: where it skips numbers, nothing is kept there any more. */
  private void give(List<ChatMessage> page) {
    int from = 0;
    while (from < page.size() && page.get(from).getSeq() <= last) {
      from++;
    }
    if (from < page.size()) {
      giveAll(page.subList(from, page.size()));
    }
  }

  private void giveWaiting() {
    waiting.headMap(last, true).clear();
    List<ChatMessage> run = new ArrayList<>();
    long next = last + 1;
    while (!waiting.isEmpty() && waiting.firstKey() == next) {
      run.add(waiting.pollFirstEntry().getValue());
      next++;
    }
    if (!run.isEmpty()) {
      giveAll(run);
    }
  }

  private void giveAll(List<ChatMessage> messages) {
    EncodedBatch batch = new EncodedBatch(conversation, messages);
    try {
      last = batch.seq(batch.size() - 1);
      sink.give(batch, 0, batch.size());
    } finally {
      batch.release();
    }
  }
}
