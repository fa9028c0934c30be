package chat.parley.connect;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.FetchedMessages;
import chat.parley.proto.v2.NotRecovered;
import chat.parley.proto.v2.ServerFrame;
import io.vertx.core.AsyncResult;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Sends a v2 session what it is behind with: page by page from the store, as fast as its socket
 * drains, each conversation from where it stopped until it is level. One page is under way at a
 * time, the next one while the one before is sent if the socket has room for it; and what of a page
 * the socket has no room for is read again later: a session holds no messages.
 *
 * <p>Belongs to one event loop.
 */
final class Puller implements Pull {
  private final V2Session session;
  private final Bucket bucket;
  private final ArrayDeque<Line> behind = new ArrayDeque<>(1);
  private long queuedBefore = Long.MAX_VALUE;
  private long progress;
  private int rounds;
  private int fruitless;
  private boolean running;
  private boolean paused;
  private boolean ended;

  Puller(V2Session session) {
    this.session = session;
    this.bucket = session.bucket();
    this.progress = bucket.now();
  }

  @Override
  public V2Session session() {
    return session;
  }

  @Override
  public long stalledFor(long now) {
    long queued = session.out().bytes();
    if (queued < queuedBefore || running || paused || session.out().drained()) {
      progress = now;
    }
    queuedBefore = queued;
    return now - progress;
  }

  /** Before those that wait already: one of them may wait for what is not stored yet. */
  void add(Line line) {
    if (!line.waiting()) {
      line.waiting(true);
      behind.addFirst(line);
      paused = false;
    }
  }

  void end() {
    ended = true;
    behind.forEach(line -> line.waiting(false));
    behind.clear();
  }

  /** Goes on, if the socket has room. */
  void run() {
    while (!ended && !running && !paused && session.out().drained()) {
      Line line = behind.peek();
      if (line == null) {
        session.level();
        return;
      }
      if (line.level() || session.lines().get(line.conversation()) != line) {
        behind.poll().waiting(false);
      } else {
        fetch(line, line.sent(), StoreReader.PAGE);
      }
    }
  }

  private void fetch(Line line, long after, int limit) {
    running = true;
    bucket
        .store()
        .pull(
            FetchMessages.newBuilder()
                .setConversation(line.conversation())
                .setAfter(after)
                .setLimit(limit)
                .setExpectedSince(line.expectedSince()))
        .onComplete(page -> fetched(page, line, after));
  }

  private void fetched(AsyncResult<FetchedMessages> answer, Line line, long after) {
    running = false;
    if (ended) {
      return;
    }
    boolean current = answer.succeeded() && !overtaken(line, after);
    if (current) {
      fetchAhead(line, answer.result());
    }
    if (answer.succeeded() && (!current || send(line, answer.result()))) {
      rounds = 0;
      fruitless = 0;
      line.expectedSince(0);
      bucket.flush();
      run();
      return;
    }
    if (answer.succeeded() && line.expectedSince() == 0) {
      line.expectedSince(System.currentTimeMillis());
    }
    others(line);
  }

  /** The page behind this one, unless this one may fill the socket: then it would come in vain. */
  private void fetchAhead(Line line, FetchedMessages page) {
    if (page.getHasMore()
        && session.out().drained()
        && page.getSerializedSize() < session.out().room() / 2) {
      long last = page.getMessages(page.getMessagesCount() - 1).getSeq();
      fetch(line, last, StoreReader.LARGE_PAGE);
    }
  }

  /** Not there yet, or not to be had now: the others go on, and when none can, all wait. */
  private void others(Line line) {
    if (behind.remove(line)) {
      behind.add(line);
    }
    if (++fruitless < behind.size()) {
      run();
      return;
    }
    fruitless = 0;
    paused = true;
    bucket
        .store()
        .pause(
            rounds++,
            () -> {
              paused = false;
              run();
            });
  }

  /** Rewound, pushed to or left meanwhile, a line does not need the page that was on its way. */
  private boolean overtaken(Line line, long after) {
    return line.sent() != after || line.level() || session.lines().get(line.conversation()) != line;
  }

  /**
   * Sends as much of a page as the socket has room for, and names what the page leaves out.
   *
   * @return false when the store does not have yet what is expected
   */
  private boolean send(Line line, FetchedMessages fetched) {
    if (fetched.getGone()) {
      // Of what came to be known since, nothing was said.
      passOver(line, line.expected() + 1);
      return true;
    }
    List<ChatMessage> page = fetched.getMessagesList();
    int from = 0;
    while (from < page.size() && session.out().drained()) {
      passOver(line, page.get(from).getSeq());
      int to = endOfRun(page, from);
      to = from + V2Frames.fitting(page.subList(from, to), V2Frames.BATCH_BYTES);
      session.queue(V2Frames.encode(session.format(), page.subList(from, to)));
      line.sent(page.get(to - 1).getSeq());
      from = to;
    }
    return !page.isEmpty();
  }

  /** Where the store skips numbers, nothing is kept there any more. */
  private void passOver(Line line, long next) {
    if (next > line.sent() + 1) {
      session.answer(
          ServerFrame.newBuilder()
              .setNotRecovered(
                  NotRecovered.newBuilder()
                      .setConversation(line.conversation())
                      .setFrom(line.sent() + 1)
                      .setTo(next - 1)));
      line.sent(next - 1);
    }
  }

  private static int endOfRun(List<ChatMessage> page, int from) {
    int to = from + 1;
    while (to < page.size() && page.get(to).getSeq() == page.get(to - 1).getSeq() + 1) {
      to++;
    }
    return to;
  }
}
