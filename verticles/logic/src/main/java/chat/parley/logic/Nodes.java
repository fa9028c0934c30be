package chat.parley.logic;

import chat.parley.bus.Addresses;
import chat.parley.bus.Conversations;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.ConnectionOpened;
import chat.parley.proto.Identity;
import chat.parley.proto.SessionEnded;
import chat.parley.stores.Topics;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connect nodes that want a topic. */
final class Nodes {
  private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

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

  /**
   * Tells the nodes of a user that one of its sessions has ended. Never fails: the session has
   * ended even when nobody could be told, and what its sockets ask is refused.
   */
  Future<Void> sessionEnded(long userId, String sessionId, SessionEnded.Reason reason) {
    SessionEnded ended =
        SessionEnded.newBuilder()
            .setUserId(userId)
            .setSessionId(sessionId)
            .setReason(reason)
            .build();
    return tryToTell(userId, ended, "the end of a session");
  }

  /**
   * Tells the nodes of a user that a session has a newer connection. Never fails: nodes ask now and
   * then whether their connections still are the newest.
   */
  Future<Void> connectionOpened(Identity who, long number) {
    ConnectionOpened opened =
        ConnectionOpened.newBuilder()
            .setUserId(who.getUserId())
            .setSessionId(who.getSessionId())
            .setNumber(number)
            .build();
    return tryToTell(who.getUserId(), opened, "a newer connection");
  }

  private Future<Void> tryToTell(long userId, Message event, String what) {
    return tell(Conversations.topicOfUser(userId), event)
        .recover(
            failure -> {
              LOG.warn("{} of user {} was told nobody", what, userId, failure);
              return Future.succeededFuture();
            });
  }
}
