package chat.parley.stores.redis;

import chat.parley.stores.Topics;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Interest as a set of buckets for each topic, and what a node registered, for the sweep. */
final class RedisTopics implements Topics {
  private final RedisLink link;

  RedisTopics(RedisLink link) {
    this.link = link;
  }

  @Override
  public Future<Void> subscribe(String bucket, String topic) {
    String node = Keys.nodeOf(bucket);
    return link.eval(
            Script.TOPIC_SUBSCRIBE,
            List.of(Keys.topic(topic), Keys.topicsOf(node), Keys.NODES),
            bucket,
            bucket + "|" + topic,
            node)
        .mapEmpty();
  }

  @Override
  public Future<Void> unsubscribe(String bucket, String topic) {
    return link.eval(
            Script.TOPIC_UNSUBSCRIBE,
            List.of(Keys.topic(topic), Keys.topicsOf(Keys.nodeOf(bucket))),
            bucket,
            bucket + "|" + topic)
        .mapEmpty();
  }

  @Override
  public Future<Map<String, Set<String>>> nodesOf(Collection<String> topics) {
    Map<String, Future<Response>> buckets = new HashMap<>();
    for (String topic : topics) {
      buckets.computeIfAbsent(topic, t -> link.call("SMEMBERS", Keys.topic(t)));
    }
    return Future.all(List.copyOf(buckets.values()))
        .map(
            all -> {
              Map<String, Set<String>> nodes = new HashMap<>();
              buckets.forEach((topic, reply) -> addNodes(nodes, topic, reply.result()));
              return nodes;
            });
  }

  private static void addNodes(Map<String, Set<String>> nodes, String topic, Response buckets) {
    for (Response bucket : buckets) {
      nodes.computeIfAbsent(topic, t -> new HashSet<>()).add(Keys.nodeOf(bucket.toString()));
    }
  }
}
