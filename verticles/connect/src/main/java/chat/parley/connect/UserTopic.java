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
 * A user at one bucket: the user's sessions, and the direct messages for them. A conversation's
 * feed begins at its first message seen here: a v1 client has no history of direct messages.
 *
 * <p>Belongs to one event loop.
 */
final class UserTopic extends Topic {
  /** Conversations whose position is kept; the one longest unused is forgotten first. */
  private static final int MAX_FEEDS = 256;

  private final long userId;
  private final Bucket bucket;
  private final List<V1Session> sessions = new ArrayList<>(1);
  private Map<String, Feed> feeds;

  UserTopic(long userId, Bucket bucket) {
    super(Conversations.topicOfUser(userId));
    this.userId = userId;
    this.bucket = bucket;
  }

  void enter(V1Session session) {
    sessions.add(session);
  }

  void leave(V1Session session) {
    sessions.remove(session);
    if (sessions.isEmpty()) {
      bucket.topics().emptied(this, bucket.now());
    }
  }

  /** The user's sessions of now. */
  List<V1Session> sessions() {
    return List.copyOf(sessions);
  }

  /** Newest seq given of a conversation; below 0 when it is unknown here. */
  long lastOf(String conversation) {
    Feed feed = feeds == null ? null : feeds.get(conversation);
    return feed == null ? -1 : feed.last();
  }

  @Override
  boolean empty() {
    return sessions.isEmpty();
  }

  @Override
  void deliver(EncodedBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      feed(batch.message(i).getConversation()).offer(batch, i, i + 1);
    }
  }

  @Override
  void end() {
    if (feeds != null) {
      feeds.values().forEach(Feed::end);
    }
  }

  private Feed feed(String conversation) {
    if (feeds == null) {
      feeds = new LinkedHashMap<>(4, 0.75f, true);
    }
    Feed feed = feeds.get(conversation);
    if (feed == null) {
      feed = Feed.atFirstSight(conversation, bucket.store(), this::give);
      feeds.put(conversation, feed);
      forgetOldest();
    }
    return feed;
  }

  private void forgetOldest() {
    if (feeds.size() > MAX_FEEDS) {
      Iterator<Feed> oldest = feeds.values().iterator();
      oldest.next().end();
      oldest.remove();
    }
  }

  /** A conversation counts both directions; only what is to this user is for its sessions. */
  private void give(EncodedBatch batch, int from, int to) {
    for (int i = from; i < to; i++) {
      ChatMessage message = batch.message(i);
      if (message.getRecipientId() == userId) {
        for (V1Session session : sessions) {
          ByteBuf frame = batch.frames(session.format(), i, i + 1, bucket.json());
          session.pushDirect(message.getConversation(), message.getSeq(), frame);
        }
      }
    }
    bucket.flush();
  }
}
