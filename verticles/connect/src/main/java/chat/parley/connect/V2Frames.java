package chat.parley.connect;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.wire.V2Json;
import chat.parley.wire.V2Messages;
import com.google.protobuf.CodedOutputStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** v2 server frames as the bytes of a wire format, header included. */
final class V2Frames {
  /**
   * Messages beyond this many bytes (as protobuf) begin another Batch: a client reads one frame at
   * a time, and holds it whole.
   */
  static final int BATCH_BYTES = 128 * 1024;

  private V2Frames() {}

  /** One frame in a direct buffer that is the caller's. */
  static ByteBuf encode(WireFormat format, ServerFrame frame) {
    if (format.json()) {
      byte[] body = V2Json.print(frame).getBytes(StandardCharsets.UTF_8);
      ByteBuf out = allocate(body.length);
      format.header(out, body.length);
      return out.writeBytes(body);
    }
    int size = frame.getSerializedSize();
    ByteBuf out = allocate(size);
    format.header(out, size);
    int at = out.writerIndex();
    write(frame, out.nioBuffer(at, size));
    return out.writerIndex(at + size);
  }

  /**
   * Messages of one conversation as one Batch, or as several when they are large, one after another
   * in one direct buffer that is the caller's.
   */
  static ByteBuf encode(WireFormat format, List<ChatMessage> messages) {
    int cut = fitting(messages, BATCH_BYTES);
    if (cut == messages.size()) {
      return encode(format, batch(messages));
    }
    ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer();
    for (int from = 0; from < messages.size(); from += cut) {
      List<ChatMessage> rest = messages.subList(from, messages.size());
      cut = fitting(rest, BATCH_BYTES);
      ByteBuf frame = encode(format, batch(rest.subList(0, cut)));
      out.writeBytes(frame);
      frame.release();
    }
    return out;
  }

  /** How many of the messages, one at least, stay within so many bytes. */
  static int fitting(List<ChatMessage> messages, long bytes) {
    int n = 0;
    long size = 0;
    while (n < messages.size()) {
      size += messages.get(n).getSerializedSize();
      if (n > 0 && size > bytes) {
        break;
      }
      n++;
    }
    return n;
  }

  private static ServerFrame batch(List<ChatMessage> messages) {
    return ServerFrame.newBuilder()
        .setBatch(V2Messages.batch(messages.get(0).getConversation(), messages))
        .build();
  }

  private static ByteBuf allocate(int body) {
    return ByteBufAllocator.DEFAULT.directBuffer(body + WireFormat.MAX_HEADER);
  }

  private static void write(ServerFrame frame, ByteBuffer space) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(space);
      frame.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException("a frame did not fit the size that it said it has", e);
    }
  }
}
