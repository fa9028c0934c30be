package chat.parley.task;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.Deliver;
import chat.parley.proto.Delivered;
import chat.parley.proto.TopicMessages;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The other end of deliveries: takes what a node gets, and keeps it in the order of arrival. */
final class RecordingNode {
  private final Map<String, List<ChatMessage>> byTopic = new HashMap<>();
  private final MessageConsumer<Deliver> consumer;
  private final List<Message<Deliver>> unanswered = new ArrayList<>();
  private volatile boolean silent;
  private int requests;

  RecordingNode(Vertx vertx, String nodeId) {
    consumer = vertx.eventBus().consumer(Addresses.deliveriesOf(nodeId));
    consumer.handler(this::arrived);
    Await.get(consumer.completion());
  }

  /** Takes requests from now on without recording or answering them. */
  RecordingNode silent() {
    silent = true;
    return this;
  }

  void speak() {
    silent = false;
  }

  /** Takes what it was silent about, if the sender still waits for it. */
  synchronized void answerLate() {
    speak();
    unanswered.forEach(this::take);
    unanswered.clear();
  }

  void leave() {
    Await.get(consumer.unregister());
  }

  private synchronized void arrived(Message<Deliver> request) {
    requests++;
    if (silent) {
      unanswered.add(request);
    } else {
      take(request);
    }
  }

  private void take(Message<Deliver> request) {
    for (TopicMessages topic : request.body().getTopicsList()) {
      byTopic
          .computeIfAbsent(topic.getTopic(), t -> new ArrayList<>())
          .addAll(topic.getMessagesList());
    }
    request.reply(Delivered.getDefaultInstance(), ProtoCodec.options());
  }

  synchronized int requests() {
    return requests;
  }

  synchronized List<Long> seqsOf(String topic) {
    return byTopic.getOrDefault(topic, List.of()).stream().map(ChatMessage::getSeq).toList();
  }

  synchronized List<ChatMessage> messagesOf(String topic) {
    return List.copyOf(byTopic.getOrDefault(topic, List.of()));
  }

  synchronized int total() {
    return byTopic.values().stream().mapToInt(List::size).sum();
  }
}
