package chat.parley.api.v1;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.HistoryPage;
import chat.parley.wire.V1Json;
import io.netty.buffer.ByteBuf;
import java.time.ZoneId;

/** The JSON of a page of history: frames as a socket gets them, each with its seq and id. */
final class V1History {
  private final V1Json json;

  V1History(ZoneId zone) {
    this.json = new V1Json(zone);
  }

  V1Answer answer(HistoryPage page) {
    return V1Answer.success(
        "ok",
        out -> {
          V1Answer.ascii(out, "{\"messages\":[");
          for (int i = 0; i < page.getMessagesCount(); i++) {
            if (i > 0) {
              out.writeByte(',');
            }
            writeMessage(out, page.getMessages(i));
          }
          V1Answer.ascii(out, "],\"hasMore\":" + page.getHasMore() + "}");
        });
  }

  private void writeMessage(ByteBuf out, ChatMessage message) {
    json.writeMessage(out, message);
    // Over the closing brace of the frame.
    out.writerIndex(out.writerIndex() - 1);
    V1Answer.ascii(out, ",\"seq\":" + message.getSeq() + ",\"id\":\"" + message.getId() + "\"}");
  }
}
