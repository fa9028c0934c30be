package chat.parley.connect;

import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A user at one bucket: the user's sessions, and the direct messages for them. A v1 client has no
 * history of direct messages, and nobody here knows what it was given elsewhere before it came: for
 * v1 sessions a conversation's feed begins where the conversation stood soon after the first of
 * them had come, or at an earlier message that is delivered here, and ends with the last of them.
 * v2 sessions know themselves where they stand in each conversation.
 *
 * <p>Belongs to one event loop.
 */
final class UserTopic extends Topic {
  /** Conversations whose position is kept; the one longest unused is forgotten first. */
  private static final int MAX_FEEDS = 256;

  private final long userId;
  private final Bucket bucket;
  private final List<V1Session> v1 = new ArrayList<>(1);
  private final List<V2Session> v2 = new ArrayList<>(1);
  private Map<String, Feed> feeds;
  private DirectHeads known;

  UserTopic(long userId, Bucket bucket) {
    super(Conversations.topicOfUser(userId));
    this.userId = userId;
    this.bucket = bucket;
  }

  void enter(Session session) {
    if (session instanceof V2Session device) {
      v2.add(device);
    } else {
      v1.add((V1Session) session);
      if (v1.size() == 1) {
        bucket.devices().add(this);
      }
    }
  }

  void leave(Session session) {
    if (session instanceof V2Session device) {
      v2.remove(device);
    } else {
      v1.remove(session);
      if (v1.isEmpty()) {
        endOfV1();
      }
    }
    if (empty()) {
      bucket.topics().emptied(this, bucket.now());
    }
  }

  /** The user's v1 sessions of now. */
  List<V1Session> v1Sessions() {
    return List.copyOf(v1);
  }

  /** The sessions of the user's devices of now. */
  List<V2Session> v2Sessions() {
    return List.copyOf(v2);
  }

  long userId() {
    return userId;
  }

  /**
   * Where the user's conversations stand, soon after its first v1 session has come: what is stored
   * later and was not delivered here is missing.
   *
   * @param accepted newest accepted seq of each
   */
  void stand(Map<String, Long> accepted) {
    known = new DirectHeads(userId, accepted);
  }

  /** The store has messages up to this one, for v1 sessions. */
  void reach(String conversation, long head) {
    Feed feed = feeds == null ? null : feeds.get(conversation);
    if (feed == null && known != null) {
      long last = known.of(conversation);
      feed = last == DirectHeads.UNKNOWN || head <= last ? null : feed(conversation, head);
    }
    if (feed != null) {
      feed.reach(head);
    }
  }

  /** Newest seq given of a conversation; below 0 when it is unknown here. */
  long lastOf(String conversation) {
    Feed feed = feeds == null ? null : feeds.get(conversation);
    return feed == null ? -1 : feed.last();
  }

  @Override
  boolean empty() {
    return v1.isEmpty() && v2.isEmpty();
  }

  @Override
  void deliver(EncodedBatch batch) {
    if (!v1.isEmpty()) {
      for (int i = 0; i < batch.size(); i++) {
        feed(batch.message(i).getConversation(), batch.seq(i)).offer(batch, i, i + 1);
      }
    }
    if (!v2.isEmpty()) {
      int end;
      for (int from = 0; from < batch.size(); from = end) {
        end = batch.endOfRun(from);
        give(batch, from, end, v2);
      }
    }
  }

  /** Messages of one conversation that follow each other, both directions of it. */
  private void give(EncodedBatch batch, int from, int to, List<V2Session> devices) {
    String conversation = batch.message(from).getConversation();
    for (V2Session device : devices) {
      ByteBuf frames = batch.frames(device.format(), from, to, bucket.json());
      device.direct(conversation, frames, batch.seq(from) - 1, batch.seq(to - 1));
      ConnectMetrics.given(to - from, frames.readableBytes());
    }
    bucket.flush();
  }

  @Override
  void end() {
    endOfV1();
  }

  private void endOfV1() {
    if (feeds != null) {
      feeds.values().forEach(Feed::end);
      feeds = null;
    }
    known = null;
    bucket.devices().remove(this);
  }

  /**
   * @param seq of a message that is there: what is delivered late, from before the moment when it
   *     became known where the conversation stands, is given
   */
  private Feed feed(String conversation, long seq) {
    if (feeds == null) {
      feeds = new LinkedHashMap<>(4, 0.75f, true);
    }
    Feed feed = feeds.get(conversation);
    if (feed == null) {
      long last = known == null ? DirectHeads.UNKNOWN : known.of(conversation);
      feed =
          last == DirectHeads.UNKNOWN || seq <= last
              ? Feed.atFirstSight(conversation, bucket.store(), this::give)
              : Feed.from(last, conversation, bucket.store(), this::give);
      feeds.put(conversation, feed);
      forgetOldest();
    }
    return feed;
  }

  private void forgetOldest() {
    if (feeds.size() > MAX_FEEDS) {
      Iterator<Map.Entry<String, Feed>> oldest = feeds.entrySet().iterator();
      Map.Entry<String, Feed> forgotten = oldest.next();
      forgotten.getValue().end();
      oldest.remove();
      if (known != null) {
        known.reached(forgotten.getKey(), forgotten.getValue().last());
      }
    }
  }

  /** A conversation counts both directions; only what is to this user is for its sessions. */
  private void give(EncodedBatch batch, int from, int to) {
    for (int i = from; i < to; i++) {
      ChatMessage message = batch.message(i);
      if (message.getRecipientId() == userId) {
        for (V1Session session : v1) {
          ByteBuf frame = batch.frames(session.format(), i, i + 1, bucket.json());
          session.pushDirect(message.getConversation(), message.getSeq(), frame);
          ConnectMetrics.given(1, frame.readableBytes());
        }
      }
    }
    bucket.flush();
  }
}
