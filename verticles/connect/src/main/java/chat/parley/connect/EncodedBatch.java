package chat.parley.connect;

import chat.parley.proto.ChatMessage;
import chat.parley.wire.V1Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/**
 * Messages of one topic, encoded at most once per wire format, whoever asks first: all frames of a
 * format stand in one direct buffer, which every session gets a duplicate of.
 *
 * <p>May be shared by buckets on several event loops. The buffers live until {@link #release}, and
 * beyond it for as long as a socket still has to write them.
 */
final class EncodedBatch {
  private final String topic;
  private final List<ChatMessage> messages;
  private final Frames[] byFormat = new Frames[WireFormat.values().length];

  EncodedBatch(String topic, List<ChatMessage> messages) {
    this.topic = topic;
    this.messages = messages;
  }

  String topic() {
    return topic;
  }

  int size() {
    return messages.size();
  }

  ChatMessage message(int i) {
    return messages.get(i);
  }

  long seq(int i) {
    return messages.get(i).getSeq();
  }

  /**
   * The frames of messages {@code from} (inclusive) to {@code to} (exclusive), as a view that lives
   * as long as this batch: who writes it writes a retained duplicate.
   */
  ByteBuf frames(WireFormat format, int from, int to, V1Json json) {
    return encoded(format, json).view(from, to);
  }

  /** Index after the last message from {@code from} on whose frames have {@code bytes} or less. */
  int fitting(WireFormat format, int from, long bytes, V1Json json) {
    return encoded(format, json).fitting(from, bytes);
  }

  private synchronized Frames encoded(WireFormat format, V1Json json) {
    Frames frames = byFormat[format.ordinal()];
    if (frames == null) {
      frames = new Frames(messages.size());
      ByteBuf body = ByteBufAllocator.DEFAULT.directBuffer();
      for (ChatMessage message : messages) {
        body.clear();
        json.writeMessage(body, message);
        frames.add(format, body);
      }
      body.release();
      byFormat[format.ordinal()] = frames;
    }
    return frames;
  }

  /** Gives the buffers back. To be called once, when no bucket needs them any more. */
  synchronized void release() {
    for (int i = 0; i < byFormat.length; i++) {
      if (byFormat[i] != null) {
        byFormat[i].release();
        byFormat[i] = null;
      }
    }
  }
}
