package chat.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.ChatMessage;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;

/**
 * Whatever a message says, a v1 client reads exactly that, in one frame that its wire can carry.
 */
class V1JsonFuzzTest {
  private static final String HALF_PAIR =
      "[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]";

  private final V1Json json = new V1Json(ZoneOffset.UTC);

  @FuzzTest
  void message(@NotNull String text, @NotNull String sender, @NotNull String recipient, long time) {
    ChatMessage message =
        ChatMessage.newBuilder()
            .setConversation(recipient.isEmpty() ? "room:7" : "direct:1:2")
            .setText(text)
            .setSenderName(sender)
            .setRecipientName(recipient)
            .setAcceptedAt(Math.floorMod(time, 4_102_444_800_000L))
            .build();
    ByteBuf out = Unpooled.buffer();
    json.writeMessage(out, message);
    JsonObject frame = new JsonObject(out.toString(StandardCharsets.UTF_8));
    assertThat(frame.getString("msg")).isEqualTo(whole(text));
    assertThat(frame.getString("fromUserName")).isEqualTo(whole(sender));
    assertThat(frame.getString("toUserName")).isEqualTo(whole(recipient));
    if (V1Json.fits(text, sender, recipient)) {
      assertThat(out.readableBytes()).isLessThanOrEqualTo(V1Json.MAX_FRAME_BODY);
    }
  }

  /** No UTF-8 holds half of a surrogate pair. */
  private static String whole(String text) {
    return text.replaceAll(HALF_PAIR, "?");
  }
}
