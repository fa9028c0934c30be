package chat.parley.task;

import chat.parley.proto.Deliver;
import chat.parley.proto.TopicMessages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one node gets of one batch.
 *
 * @param entries messages in it
 * @param bytes their encoded size
 */
record Parcel(Batch batch, List<TopicMessages> topics, int entries, int bytes) {
  static Parcel of(Batch batch, List<TopicMessages> topics) {
    int entries = 0;
    int bytes = 0;
    for (TopicMessages messages : topics) {
      entries += messages.getMessagesCount();
      bytes += messages.getSerializedSize();
    }
    return new Parcel(batch, topics, entries, bytes);
  }

  /** One delivery for parcels in order, those left out whose partition is not ours any more. */
  static Deliver deliveryOf(List<Parcel> parcels) {
    List<Parcel> ours = parcels.stream().filter(parcel -> parcel.batch().deliverable()).toList();
    if (ours.size() == 1) {
      return Deliver.newBuilder().addAllTopics(ours.get(0).topics()).build();
    }
    Map<String, TopicMessages.Builder> merged = new LinkedHashMap<>();
    for (Parcel parcel : ours) {
      for (TopicMessages messages : parcel.topics()) {
        merged
            .computeIfAbsent(
                messages.getTopic(), topic -> TopicMessages.newBuilder().setTopic(topic))
            .addAllMessages(messages.getMessagesList());
      }
    }
    Deliver.Builder delivery = Deliver.newBuilder();
    merged.values().forEach(delivery::addTopics);
    return delivery.build();
  }
}
