package chat.parley.connect;

import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.FetchedMessages;
import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A session whose queue was over its bound: it pulls what it missed from the store, page by page,
 * as fast as its socket drains, from where it stopped until it is level with its topics.
 *
 * <p>Belongs to one event loop.
 */
final class CatchUp implements Pull {
  private final V1Session session;
  private final Bucket bucket;
  private final Map<String, Long> direct = new LinkedHashMap<>(0);
  private long roomAfter;
  private long queuedBefore = Long.MAX_VALUE;
  private long progress;
  private int attempts;
  private boolean running;
  private boolean ended;

  CatchUp(V1Session session, Bucket bucket, long roomAfter) {
    this.session = session;
    this.bucket = bucket;
    this.roomAfter = roomAfter;
    this.progress = bucket.now();
  }

  @Override
  public V1Session session() {
    return session;
  }

  /** The session is in another room, from where that one stands now. */
  void roomChanged() {
    roomAfter = session.room().last();
  }

  /** A direct message that was not pushed. */
  void missedDirect(String conversation, long seq) {
    direct.putIfAbsent(conversation, seq - 1);
  }

  void end() {
    ended = true;
  }

  @Override
  public long stalledFor(long now) {
    long queued = session.out().bytes();
    if (queued < queuedBefore || running) {
      progress = now;
    }
    queuedBefore = queued;
    return now - progress;
  }

  /** Goes on, if the socket has room. */
  void run() {
    if (ended || running || !session.out().drained()) {
      return;
    }
    if (!direct.isEmpty()) {
      Map.Entry<String, Long> next = direct.entrySet().iterator().next();
      fetch(next.getKey(), next.getValue());
    } else if (session.room() != null && roomAfter < session.room().last()) {
      fetch(session.room().name(), roomAfter);
    } else {
      ended = true;
      session.switchToPush();
    }
  }

  private void fetch(String conversation, long after) {
    running = true;
    bucket
        .store()
        .pull(
            FetchMessages.newBuilder()
                .setConversation(conversation)
                .setAfter(after)
                .setLimit(StoreReader.PAGE))
        .onComplete(page -> fetched(page, conversation, after));
  }

  private void fetched(AsyncResult<FetchedMessages> answer, String conversation, long after) {
    running = false;
    if (ended) {
      return;
    }
    if (answer.failed()) {
      pause();
      return;
    }
    long reached =
        Conversations.isRoom(conversation)
            ? roomPage(answer.result().getMessagesList(), conversation)
            : directPage(answer.result().getMessagesList(), conversation);
    if (reached > after) {
      attempts = 0;
      run();
    } else if (++attempts < StoreReader.MAX_EMPTY_ANSWERS) {
      pause();
    } else {
      bucket.store().reportMissing(conversation, after + 1);
      session.close(CloseReason.TRY_AGAIN);
    }
  }

  private void pause() {
    running = true;
    bucket
        .store()
        .pause(
            attempts,
            () -> {
              running = false;
              run();
            });
  }

  /**
   * What the topic has not been given yet is left out: it will be pushed, and must not come twice.
   *
   * @return the seq reached
   */
  private long roomPage(List<ChatMessage> page, String conversation) {
    if (session.room() == null || !session.room().name().equals(conversation)) {
      return Long.MAX_VALUE; // The session has changed its room meanwhile.
    }
    long last = session.room().last();
    List<ChatMessage> missed = new ArrayList<>(page);
    missed.removeIf(message -> message.getSeq() > last || message.getSeq() <= roomAfter);
    roomAfter = Math.max(roomAfter, write(missed, conversation));
    return roomAfter;
  }

  private long directPage(List<ChatMessage> page, String conversation) {
    long userId = session.identity().getUserId();
    long last = session.user().lastOf(conversation);
    long after = direct.get(conversation);
    List<ChatMessage> missed = new ArrayList<>(page);
    missed.removeIf(message -> message.getSeq() > last);
    List<ChatMessage> forUser = new ArrayList<>(missed);
    forUser.removeIf(message -> message.getRecipientId() != userId);
    long reached = Math.max(after, write(forUser, conversation));
    boolean all = forUser.isEmpty() || reached == forUser.get(forUser.size() - 1).getSeq();
    if (all && !missed.isEmpty()) {
      reached = missed.get(missed.size() - 1).getSeq();
    }
    if (reached >= last) {
      direct.remove(conversation);
      return Long.MAX_VALUE;
    }
    direct.put(conversation, reached);
    return reached;
  }

  /**
   * Writes as much of a page as the socket has room for.
   *
   * @return seq of the last message written; 0 when none was
   */
  private long write(List<ChatMessage> page, String conversation) {
    if (page.isEmpty()) {
      return 0;
    }
    EncodedBatch batch = new EncodedBatch(conversation, page);
    try {
      WireFormat format = session.format();
      int fit = batch.fitting(format, 0, session.out().room(), bucket.json());
      if (fit == 0) {
        return 0;
      }
      ByteBuf frames = batch.frames(format, 0, fit, bucket.json());
      session.out().offer(frames);
      bucket.flush();
      return batch.seq(fit - 1);
    } finally {
      batch.release();
    }
  }
}
