package chat.parley.logic;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.stores.Topics;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;

/** The connect nodes that want a topic. */
final class Nodes {
  private final Vertx vertx;
  private final Topics topics;

  Nodes(Vertx vertx, Topics topics) {
    this.vertx = vertx;
    this.topics = topics;
  }

  /** Sends an event to every node that wants the topic now; at most once, not answered. */
  Future<Void> tell(String topic, Message event) {
    return topics
        .nodesOf(List.of(topic))
        .map(
            nodes -> {
              for (String node : nodes.getOrDefault(topic, Set.of())) {
                vertx.eventBus().send(Addresses.eventsOf(node), event, ProtoCodec.options());
              }
              return null;
            });
  }
}
