package chat.parley.connect;

import chat.parley.bus.LogicClient;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.FetchedMessages;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a bucket reads stored messages: in pages, with growing pauses after failures. Sessions that
 * ask for the same page while it is on its way share it: a thousand devices of a room that come
 * back in one moment stand at the same seq. Has its own bound on what is in flight, so that many
 * sessions that catch up keep nobody from joining.
 */
final class StoreReader {
  /** Messages asked for at a time. */
  static final int PAGE = 200;

  /** The same of one that has proved to be far behind. The answer is bounded in bytes too. */
  static final int LARGE_PAGE = 1_000;

  /** After so many answers without a message that was delivered, it is given up: half a minute. */
  static final int MAX_EMPTY_ANSWERS = 12;

  private static final Logger log = LoggerFactory.getLogger(StoreReader.class);
  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 5_000;

  /**
   * Pages of sessions that catch up, asked for at one time; each is a mebibyte at most. The others
   * wait in the order in which they came, one or two of each session.
   */
  static final int PULLS_AT_A_TIME = 32;

  private final Vertx vertx;
  private final LogicClient logic;
  private final Map<FetchMessages, Future<FetchedMessages>> underWay = new HashMap<>();
  private final ArrayDeque<Promise<Void>> waiting = new ArrayDeque<>();
  private int pulls;
  private boolean handingOut;

  StoreReader(Vertx vertx, LogicClient logic) {
    this.vertx = vertx;
    this.logic = logic;
  }

  /** What a topic has missed, which its sessions wait for. */
  Future<FetchedMessages> after(FetchMessages.Builder asked) {
    FetchMessages request = asked.build();
    return shared(request, () -> logic.fetch(request));
  }

  /** What one session is behind with: it comes when its turn does. */
  Future<FetchedMessages> pull(FetchMessages.Builder asked) {
    FetchMessages request = asked.build();
    return shared(request, () -> turn().compose(come -> fetch(request)));
  }

  private Future<FetchedMessages> shared(
      FetchMessages request, Supplier<Future<FetchedMessages>> fetch) {
    Future<FetchedMessages> shared = underWay.get(request);
    if (shared == null) {
      shared = fetch.get();
      underWay.put(request, shared);
      shared.onComplete(page -> underWay.remove(request));
    }
    return shared;
  }

  private Future<Void> turn() {
    if (pulls < PULLS_AT_A_TIME) {
      return Future.succeededFuture();
    }
    Promise<Void> turn = Promise.promise();
    waiting.add(turn);
    return turn.future();
  }

  private Future<FetchedMessages> fetch(FetchMessages request) {
    pulls++;
    return logic
        .fetch(request)
        .onComplete(
            page -> {
              pulls--;
              next();
            });
  }

  /** A loop and no recursion: all of a long queue may fail at once. */
  private void next() {
    if (handingOut) {
      return;
    }
    handingOut = true;
    while (pulls < PULLS_AT_A_TIME && !waiting.isEmpty()) {
      waiting.poll().complete();
    }
    handingOut = false;
  }

  /** Runs an action after a pause that doubles with the attempts made. */
  void pause(int attempts, Runnable action) {
    long pause = Math.min(FIRST_PAUSE_MS << Math.min(attempts, 10), LONGEST_PAUSE_MS);
    vertx.setTimer(pause, timer -> action.run());
  }

  void reportMissing(String conversation, long seq) {
    log.warn(
        "Messages of {} from seq {} on were announced, but are not in the store: passed over",
        conversation,
        seq);
  }
}
