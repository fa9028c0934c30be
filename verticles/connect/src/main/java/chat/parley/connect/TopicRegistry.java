package chat.parley.connect;

import chat.parley.stores.Topics;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The topics of a bucket, and what the cluster knows of them. A topic stays subscribed for a while
 * after its last session: somebody who reloads a page costs nothing. What could not be told to the
 * cluster is told again by {@link #settle}.
 *
 * <p>Belongs to one event loop.
 */
final class TopicRegistry {
  private final String bucket;
  private final Topics cluster;
  private final long lingerMs;
  private final Map<String, Topic> topics = new HashMap<>();
  private final Set<RoomTopic> rooms = new HashSet<>();
  private final ArrayDeque<Topic> emptied = new ArrayDeque<>();
  private final Set<String> unsettled = new HashSet<>();

  TopicRegistry(String bucket, Topics cluster, long lingerMs) {
    this.bucket = bucket;
    this.cluster = cluster;
    this.lingerMs = lingerMs;
  }

  Topic get(String name) {
    return topics.get(name);
  }

  /** The topic of a name, made and subscribed if there is none. */
  <T extends Topic> T open(String name, Class<T> type, Supplier<T> made) {
    Topic known = topics.get(name);
    if (known != null) {
      return type.cast(known);
    }
    T topic = made.get();
    topics.put(name, topic);
    if (topic instanceof RoomTopic room) {
      rooms.add(room);
    }
    topic.live(
        cluster
            .subscribe(bucket, name)
            .compose(subscribed -> topic.begin())
            .onFailure(e -> drop(topic)));
    return topic;
  }

  /** A topic's last session has left it. */
  void emptied(Topic topic, long now) {
    topic.emptySince(now);
    emptied.add(topic);
  }

  /** Unsubscribes what has had no session for long enough and has nothing more to tell. */
  void sweep(long now) {
    List<Topic> telling = new ArrayList<>(0);
    while (!emptied.isEmpty() && now - emptied.peek().emptySince() >= lingerMs) {
      Topic topic = emptied.poll();
      if (topic.empty() && now - topic.emptySince() >= lingerMs) {
        if (topic.settled()) {
          drop(topic);
        } else {
          telling.add(topic);
        }
      }
    }
    telling.forEach(topic -> emptied(topic, now));
  }

  List<RoomTopic> rooms() {
    return new ArrayList<>(rooms);
  }

  /** Tells the cluster everything again: what it knew of this node is lost. */
  void registerAgain() {
    unsettled.addAll(topics.keySet());
    settle();
  }

  /** Tells the cluster what it could not be told before. */
  void settle() {
    List<String> names = List.copyOf(unsettled);
    unsettled.clear();
    for (String name : names) {
      Future<Void> told =
          topics.containsKey(name)
              ? cluster.subscribe(bucket, name)
              : cluster.unsubscribe(bucket, name);
      told.onFailure(e -> unsettled.add(name));
    }
  }

  /** Unsubscribes everything; the Future says when the cluster knows. */
  Future<Void> close() {
    List<Future<Void>> told = new ArrayList<>();
    for (Topic topic : List.copyOf(topics.values())) {
      topic.end();
      told.add(cluster.unsubscribe(bucket, topic.name()));
    }
    topics.clear();
    rooms.clear();
    return Future.join(told).mapEmpty();
  }

  private void drop(Topic topic) {
    if (topics.remove(topic.name(), topic)) {
      if (topic instanceof RoomTopic room) {
        rooms.remove(room);
      }
      topic.end();
      cluster.unsubscribe(bucket, topic.name()).onFailure(e -> unsettled.add(topic.name()));
    }
  }
}
