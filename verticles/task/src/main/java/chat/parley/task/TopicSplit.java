package chat.parley.task;

import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.TopicMessages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A batch by topic, and from there by node; all nodes share one object for a topic's messages. */
final class TopicSplit {
  private final Map<String, TopicMessages.Builder> topics = new LinkedHashMap<>();

  TopicSplit(List<ChatMessage> batch) {
    for (ChatMessage message : batch) {
      if (message.getRecipientId() == 0) {
        add(message.getConversation(), message);
      } else {
        add(Conversations.topicOfUser(message.getSenderId()), message);
        if (message.getRecipientId() != message.getSenderId()) {
          add(Conversations.topicOfUser(message.getRecipientId()), message);
        }
      }
    }
  }

  private void add(String topic, ChatMessage message) {
    topics.computeIfAbsent(topic, t -> TopicMessages.newBuilder().setTopic(t)).addMessages(message);
  }

  Collection<String> topics() {
    return topics.keySet();
  }

  /**
   * What each node gets.
   *
   * @param nodesOf the nodes of each topic; topics that nobody wants are absent
   */
  Map<String, List<TopicMessages>> byNode(Map<String, Set<String>> nodesOf) {
    Map<String, List<TopicMessages>> byNode = new LinkedHashMap<>();
    topics.forEach(
        (topic, builder) -> {
          Set<String> nodes = nodesOf.getOrDefault(topic, Set.of());
          if (!nodes.isEmpty()) {
            TopicMessages messages = builder.build();
            nodes.forEach(
                node -> byNode.computeIfAbsent(node, n -> new ArrayList<>()).add(messages));
          }
        });
    return byNode;
  }
}
