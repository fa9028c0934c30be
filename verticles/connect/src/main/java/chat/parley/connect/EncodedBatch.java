package chat.parley.connect;

import chat.parley.proto.ChatMessage;
import chat.parley.wire.V1Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages of one topic, encoded at most once per wire format, whoever asks first: all frames of a
 * format stand in one direct buffer, which every session gets a duplicate of. On v1 a message is a
 * frame; on v2 all messages that are given together are one.
 *
 * <p>May be shared by buckets on several event loops. The buffers live until {@link #release}, and
 * beyond it for as long as a socket still has to write them.
 */
final class EncodedBatch {
  private final String topic;
  private final List<ChatMessage> messages;
  private final Frames[] byFormat = new Frames[WireFormat.COUNT];
  private final List<Range> ranges = new ArrayList<>(0);

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
   * Index after the last of those from {@code from} on that follow each other in a conversation.
   */
  int endOfRun(int from) {
    String conversation = message(from).getConversation();
    int to = from + 1;
    while (to < size()
        && seq(to) == seq(to - 1) + 1
        && message(to).getConversation().equals(conversation)) {
      to++;
    }
    return to;
  }

  /**
   * The frames of messages {@code from} (inclusive) to {@code to} (exclusive), as a view that lives
   * as long as this batch: who writes it writes a retained duplicate.
   */
  ByteBuf frames(WireFormat format, int from, int to, V1Json json) {
    return format.v2() ? together(format, from, to) : encoded(format, json).view(from, to);
  }

  /**
   * As many of v1's frames from {@code from} on as have {@code bytes} or less: the index behind.
   */
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

  /** Of one conversation, as all of them are that are given together. */
  private synchronized ByteBuf together(WireFormat format, int from, int to) {
    for (int i = ranges.size() - 1; i >= 0; i--) {
      Range range = ranges.get(i);
      if (range.format == format && range.from == from && range.to == to) {
        return range.bytes;
      }
    }
    ByteBuf bytes = V2Frames.encode(format, messages.subList(from, to));
    ranges.add(new Range(format, from, to, bytes));
    return bytes;
  }

  /** Gives the buffers back. To be called once, when no bucket needs them any more. */
  synchronized void release() {
    for (int i = 0; i < byFormat.length; i++) {
      if (byFormat[i] != null) {
        byFormat[i].release();
        byFormat[i] = null;
      }
    }
    ranges.forEach(range -> range.bytes.release());
    ranges.clear();
  }

  private record Range(WireFormat format, int from, int to, ByteBuf bytes) {}
}
